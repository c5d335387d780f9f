include "types.thrift"

service Shop {
  types.Book find(1: i32 id),
}
