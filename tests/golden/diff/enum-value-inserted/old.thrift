enum Size {
  SMALL,
  LARGE,
}
