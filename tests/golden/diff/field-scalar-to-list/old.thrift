struct Item {
  1: bool sold,
}
