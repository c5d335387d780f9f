service Shop {
  void add(1: list<string> names),
}
