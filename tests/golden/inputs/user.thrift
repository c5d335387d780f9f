namespace py users

enum Role { GUEST = 1, ADMIN = 9 }

struct Address {
  1: required string city
  2: optional i32 zip
}

exception NotFound {
  1: i64 id
}

struct User {
  1: required i64 id
  2: string name
  3: optional Role role
  4: list<Address> homes
  5: map<string, double> scores
  6: binary picture
  7: set<i32> numbers
  8: map<i32, bool> flags
}

service Users {
  User get(1: i64 id) throws (1: NotFound missing)
  oneway void forget(1: i64 id)
}
