service Shop {
  void open(),
  i32 count(),
}
