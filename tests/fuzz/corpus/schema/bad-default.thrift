struct S { 1: i32 a = "x", 1: i32 b }
