enum Size {
  SMALL = 2,
  LARGE = 1,
}
