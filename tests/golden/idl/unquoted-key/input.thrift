struct S { 1: i32 a }
const S C = {a: 1}
