include "input.thrift"
struct S { 1: input.S s }
