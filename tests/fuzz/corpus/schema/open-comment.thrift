/* never closed
struct S {}
