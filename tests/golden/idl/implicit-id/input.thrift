struct S {
  i32 a,
  string b
}
