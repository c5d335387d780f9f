service Shop {
  void add(1: map<i64, double> prices),
}
