enum Color {
  RED = 1,
  GREEN = 2,
  BLUE = 3,
}

enum Size {
  SMALL = 1,
  LARGE = 2,
}

service Shop {
  void paint(1: list<Size> with),
}
