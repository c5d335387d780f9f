/** A thing. */
struct Item {
  2: string name; // second
  1: i32 id;
}
