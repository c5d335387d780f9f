struct Item {
  2: string name,
  3: double price,
}
