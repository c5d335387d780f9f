union Key {
  1: i32 id,
}
