/** A user. */
struct User {
  1: required i64 id
  2: string name

struct Group {
  1: list<User> members
}

service Users {
  User getUser(1: i64 id)
}
