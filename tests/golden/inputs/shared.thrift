enum Kind {
  PRIVATE = 0,
  WORK = 1,
}

struct Address {
  1: string city,
  2: Kind kind,
}

service Base {
  void ping(),
}
