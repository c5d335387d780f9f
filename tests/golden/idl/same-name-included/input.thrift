namespace py a
include "shared.thrift"
struct User { 1: shared.User inner }
