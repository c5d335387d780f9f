include "other.thrift"
