service Shop {
  void add(1: i32 id),
}
