struct Order {
  1: i64 id (api.js_conv = "")
  2: list<i64> parts (api.js_conv = "true")
  3: string userName (api.key = "user_name")
  4: i32 code (go.tag = 'json:"code,omitempty"')
  5: optional i32 state (go.tag = 'json:"s"')
}
