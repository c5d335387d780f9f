struct Item {
  1: string name,
}
