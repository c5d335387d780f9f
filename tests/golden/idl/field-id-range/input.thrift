struct S { 32768: i32 a, -32769: i32 b, 65537: i32 c }
