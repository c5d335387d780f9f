include "/nowhere/shared.thrift"
struct S { 1: shared.T a }
