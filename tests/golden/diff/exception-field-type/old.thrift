exception NotFound {
  1: i32 id,
}

exception Denied {
  1: string reason,
}
