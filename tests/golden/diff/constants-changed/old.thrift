const i32 LIMIT = 1
const string NAME = "a"
const i32 GONE = 1
