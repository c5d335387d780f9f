struct S {
  1: i32 = 5
}
struct T {
  1: list<i32 x
}
foo
