include "shared.thrift"
struct S { 1: shared.User u }
