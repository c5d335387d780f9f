struct Tree {
  1: i32 key,
  2: optional list<Tree> children,
}

struct Forest {
  1: map<string, Tree> trees,
}
