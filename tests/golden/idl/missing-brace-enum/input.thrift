enum E {
  A,
  B

struct S { 1: i32 a }
