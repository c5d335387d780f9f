include "shared.thrift"
struct S {
  1: shared.Usr a
  2: User b
  3: other.User c
}
