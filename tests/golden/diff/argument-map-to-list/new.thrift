service Shop {
  void add(1: list<i64> prices),
}
