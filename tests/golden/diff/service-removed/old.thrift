service Shop {
  void open(),
}

service Desk {
  void ring(),
}
