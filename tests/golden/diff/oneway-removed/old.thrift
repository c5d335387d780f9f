service Shop {
  oneway void ping(),
}
