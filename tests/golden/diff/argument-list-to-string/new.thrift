service Shop {
  void add(1: string names),
}
