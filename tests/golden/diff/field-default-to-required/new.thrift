struct Item {
  1: required i32 id,
}
