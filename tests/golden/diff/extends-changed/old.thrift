service Base {
  void ping(),
}

service Other {
  void pong(),
}

service Shop extends Base {
}
