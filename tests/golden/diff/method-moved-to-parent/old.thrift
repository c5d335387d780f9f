service Shop {
  void ping(),
}
