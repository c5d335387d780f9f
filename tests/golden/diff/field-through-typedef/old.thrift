typedef i64 Id

struct Item {
  1: Id id,
}
