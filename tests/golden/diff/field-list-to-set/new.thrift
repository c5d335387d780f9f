struct Item {
  1: set<i32> ids,
}
