struct Item {
  1: i64 id (api.key = "item_id"),
  2: i64 size,
}
