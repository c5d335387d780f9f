interaction I { i32 f() }
service S { performs I; i32, stream<i32> g() void h() }
