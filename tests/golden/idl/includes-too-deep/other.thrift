include "third.thrift"
