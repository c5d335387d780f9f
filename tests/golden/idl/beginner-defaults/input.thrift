enum Role { ADMIN = 1, GUEST = 2 }
struct User {
  1: i32 age = "12"
  2: string name = nobody
  3: Role role = Role.ADMN
  4: list<i32> numbers = 5
  5: bool active = yes
  6: Role r2 = 3
  7: i8 small = 1000
  8: string s = 'abc
  9: map<string,i32> m = ["a", 1]
  10: double d = "1.5"
  11: Role r3 = "ADMIN"
}
