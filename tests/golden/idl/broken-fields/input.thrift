struct S {
  1: i32 a
  2 i32 b
  3: strng c
  4: = 5
  5: i32 a
}
service T {
  void f(1 i32 a)
  void ()
  i32 g(1: i32 a, 1: i32 b)
}
enum E {
  A = x,
  B = 1,
  7,
}
struct U { 1: Nobody n }
