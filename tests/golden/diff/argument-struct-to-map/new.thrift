struct Book {
  1: i32 id,
  2: string title,
}

struct Film {
  1: i32 id,
  2: list<i64> minutes,
}

service Shop {
  void add(1: map<i32, Book> book),
}
