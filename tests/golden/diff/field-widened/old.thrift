struct Item {
  1: i16 count,
}
