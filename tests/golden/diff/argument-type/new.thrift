service Shop {
  void add(1: i32 id, 2: double name),
}
