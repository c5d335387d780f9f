/** What the differential targets read: every kind that all peers have. No uuid, which is younger, and no
 *  optional field with a default, which C++ writes though it was never set. */
namespace cpp differential

enum Color { RED = 1, GREEN = 2 }

struct Empty {}

union Choice { 1: string text, 2: i32 number, 3: Empty nothing }

struct Node { 1: optional list<Node> kids, 2: i64 weight = 7 }

struct All {
    1: list<Empty> empties,
    2: optional Node node,
    3: list<bool> flags,
    4: map<i32, i32> numbers,
    5: string text,
    6: binary raw,
    7: optional Choice choice,
    8: set<string> words,
    9: required i32 id,
    10: double real,
    11: i8 tiny,
    12: i16 small,
    13: Color color = Color.GREEN,
    14: map<string, list<map<i64, Choice>>> deep,
    15: optional string maybe,
    16: list<double> reals,
    17: list<i16> smalls,
    18: bool truth,
    300: optional i32 far
}
