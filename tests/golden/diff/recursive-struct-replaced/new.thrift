struct Node {
  1: i64 key,
  2: optional list<Node> children,
}

struct Forest {
  1: map<string, Node> trees,
}
