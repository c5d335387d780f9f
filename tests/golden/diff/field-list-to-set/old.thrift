struct Item {
  1: list<i32> ids,
}
