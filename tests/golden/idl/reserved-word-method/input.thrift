@Meta
service S {
  void oneway()
}
