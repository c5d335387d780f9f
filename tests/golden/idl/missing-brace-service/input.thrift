service S {
  void f()
