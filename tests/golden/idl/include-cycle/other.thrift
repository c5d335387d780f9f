include "input.thrift"
