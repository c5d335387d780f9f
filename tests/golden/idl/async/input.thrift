service S {
  async void fire()
}
