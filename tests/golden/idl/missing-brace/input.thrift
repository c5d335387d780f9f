struct User {
  1: i32 id

struct Group {
  1: list<User> users
}
