struct Item {
  1: i32 id,
  7: string name,
}
