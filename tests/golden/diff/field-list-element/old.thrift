struct Item {
  1: list<double> prices,
}
