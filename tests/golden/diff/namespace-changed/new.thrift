namespace py store
namespace go shop

struct Item {
  1: i32 id,
}
