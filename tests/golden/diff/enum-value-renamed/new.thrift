enum Color {
  RED = 1,
  LIME = 2,
  BLUE = 3,
}

enum Size {
  SMALL = 1,
  LARGE = 2,
}
