include "shred.thrift"
include shared.thrift
include "shared"
#include "shared.thrift"
include <shared.thrift>
import "shared.thrift"
struct User {
  1: shared.Address address
  2: shared.Adress other
}
