struct Item {
  1: list<bool> sold,
}
