struct Item {
  1: binary name,
}
