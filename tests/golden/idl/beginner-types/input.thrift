struct UserId {
  1: i64 value
}
struct User {
  1: UserID id
  2: strng name
  3: integer age
  4: list<sting> tags
  5: int count
  6: Map<string, i32> scores
  7: boolean ok
  8: String s
  9: long l
  10: char c
  11: date d
}
service Users {
  Usr getUser(1: i64 id) throws (1: NotFond e)
}
