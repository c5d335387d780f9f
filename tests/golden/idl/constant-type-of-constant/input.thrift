const string A = "a"
const i32 B = A
