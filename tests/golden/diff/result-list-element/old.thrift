service Shop {
  list<i32> ids(),
}
