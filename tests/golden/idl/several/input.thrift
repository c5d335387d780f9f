struct A { 1: Nobody n }
struct B { 1: i32 x 1: i32 y }
enum C { D, D }
struct E { 1: }
const i32 F = "f"
