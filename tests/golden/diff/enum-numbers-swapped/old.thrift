enum Size {
  SMALL = 1,
  LARGE = 2,
}
