struct User {
  1: i64 id
  2: string name
  2: string email
  3: i32 name
}
enum Role { ADMIN = 1, GUEST = 1 }
service Users {
  User get(1: i64 id, 1: bool full)
  void get()
}
