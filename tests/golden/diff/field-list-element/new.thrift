struct Item {
  1: list<i16> prices,
}
