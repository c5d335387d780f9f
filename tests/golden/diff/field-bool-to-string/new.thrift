struct Item {
  1: string sold,
}
