service S {
  void ping()
  i32 ping()
}
