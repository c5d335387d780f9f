struct S { 1: required i32 a, 2: i32 b }
const S C = {"b": 1}
