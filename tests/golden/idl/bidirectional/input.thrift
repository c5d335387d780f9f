struct S {
  // admin ‮ } ⁦ if
  1: i32 a
}
const string T = "؜"
