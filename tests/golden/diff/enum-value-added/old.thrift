enum Color {
  RED = 1,
  GREEN = 2,
  BLUE = 3,
}

enum Size {
  SMALL = 1,
  LARGE = 2,
}
