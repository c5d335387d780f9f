struct Item {
  1: i64 id (api.key = "key"),
  2: i64 size (api.js_conv = ""),
}
