typedef i32 Id

struct Item {
  1: list<Id> ids,
}
