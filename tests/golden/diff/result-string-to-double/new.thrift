service Shop {
  double price(1: i32 id),
}
