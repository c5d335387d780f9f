service Base {
  void ping(),
}

service Shop extends Base {
}
