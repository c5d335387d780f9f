struct S { -1: i32 a, 0: i32 b, i32 c }
