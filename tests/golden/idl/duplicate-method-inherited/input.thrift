service Base {
  void ping()
}
service S extends Base {
  void ping()
}
