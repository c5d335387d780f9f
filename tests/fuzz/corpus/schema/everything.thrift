/** Doc. */
namespace * every.thing
namespace py every
const i32 ANSWER = 42
const map<string, list<i32>> TABLE = {"a": [1, 2], 'b': []}
const double PI = 3.14159e0
typedef map<i32, set<string>> Index (cpp.type = "x")
enum Colour { RED, GREEN = 5, BLUE = 0x10 } (final)
union Any { 1: i32 number, 2: string text }
struct Base { 1: required i32 id = 7, 2: optional string name = "n" (max = "10"); 3: binary data, -4: i64 neg }
exception Bad { 1: string why }
struct Node { 1: optional Node & next, 2: list<Node> kids, 3: Colour colour = Colour.RED, 4: uuid id }
service Parent { void ping() # hash
}
service Child extends Parent {
  oneway void note(1: string text),
  Base find(1: i32 id, 2: Colour colour = Colour.GREEN) throws (1: Bad bad) (deprecated = "yes");
}
