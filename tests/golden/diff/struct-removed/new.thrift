struct Book {
  1: i32 id,
  2: string title,
}
