service Shop {
  string price(1: i32 id),
}
