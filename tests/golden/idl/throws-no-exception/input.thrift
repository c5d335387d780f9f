struct S {}
service T { void f() throws (1: S s) }
