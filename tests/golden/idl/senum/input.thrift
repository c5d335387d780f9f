senum S { "a", "b" }
struct T {}
