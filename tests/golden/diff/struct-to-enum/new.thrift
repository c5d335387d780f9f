enum Item {
  RED = 1,
}
