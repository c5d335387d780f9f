exception E {}
service S { void f() throws (1: required E e) }
