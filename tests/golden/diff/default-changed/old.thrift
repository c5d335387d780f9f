struct Item {
  1: i32 count = 1,
  2: map<string, list<i32>> sizes = {"a": [1, 2]},
}
