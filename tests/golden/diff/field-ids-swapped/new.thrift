struct Item {
  1: i32 stock,
  2: i32 id,
}
