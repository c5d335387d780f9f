service Base {
  void ping(),
}

service Middle extends Base {
}

service Other {
  void pong(),
}

service Shop extends Middle {
}
