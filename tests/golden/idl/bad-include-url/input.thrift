include "http://127.0.0.1/x.thrift"
