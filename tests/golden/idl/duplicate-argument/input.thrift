service S { void f(1: i32 a, 1: i32 b) throws (1: E x, 2: E x) }
exception E {}
