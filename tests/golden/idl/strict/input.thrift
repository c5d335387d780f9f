struct S { i32 a }
const i8 B = 200
