service Shop {
  i32 open(),
}
