namespace py shop
namespace java shop

struct Item {
  1: i32 id,
}
