package "a.b/c"

enum E { A = 1 }
union U {
  1: i32 a = 1
  2: i32 b = 2
}
struct S {
  1: E e = 7
}
