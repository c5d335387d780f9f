service Shop {
  list<i16> ids(),
}
