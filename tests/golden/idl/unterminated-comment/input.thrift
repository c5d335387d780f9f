struct S {}
/* never closed
struct T {}
