struct S {
  1: i32 a (api.key = "b")
  2: i32 b (go.tag = 'json:"x"')
  3: i32 c (api.key = "x")
  4: i32 d (api.key = 'say "d"')
}
