const i8 A = 300
const i16 B = 70000
const i32 C = 5000000000
const double D = 1e999
