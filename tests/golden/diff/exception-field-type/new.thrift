exception NotFound {
  1: string id,
}

exception Denied {
  1: string reason,
}
