const double A = 1e
const double B = 1.5e+
const i32 C = 0x
