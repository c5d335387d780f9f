include "secret.txt"
struct S {}
