struct S { 1: i32 class, 2: i32 next }
