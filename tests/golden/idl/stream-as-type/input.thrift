struct S {
  1: list<stream<i32>> a
}
