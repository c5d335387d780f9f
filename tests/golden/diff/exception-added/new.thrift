exception NotFound {
  1: i32 id,
}

exception Denied {
  1: string reason,
}

service Shop {
  i32 find(1: i32 id) throws (1: NotFound missing, 2: Denied denied),
}
