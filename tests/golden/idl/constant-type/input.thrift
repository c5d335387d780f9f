const i32 COUNT = "12"
struct S { 1: string name = 5, 2: list<i32> items = ["x"] }
