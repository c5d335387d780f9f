service Shop {
  void open(),
}
