service Shop {
  void open(),
  void close(),
}
