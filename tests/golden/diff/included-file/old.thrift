include "types_old.thrift"

service Shop {
  types_old.Book find(1: i32 id),
}
