typedef i64 Id

struct Item {
  1: list<Id> ids,
}
