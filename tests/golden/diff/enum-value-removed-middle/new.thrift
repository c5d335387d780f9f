enum Color {
  RED = 1,
  BLUE = 3,
}

enum Size {
  SMALL = 1,
  LARGE = 2,
}
