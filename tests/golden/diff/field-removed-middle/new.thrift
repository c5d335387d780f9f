struct Item {
  1: i32 id,
  3: double price,
}
