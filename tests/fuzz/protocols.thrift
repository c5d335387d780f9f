/** What the protocols are held against each other with: what differential.thrift has, which C++ has to read,
 *  and what C++ 0.17 or its generator does not know. */

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
    19: uuid key,
    20: map<uuid, list<uuid>> keys,
    21: map<Choice, double> chosen,
    22: map<list<i16>, set<i64>> listed,
    23: map<double, bool> sure,
    24: optional string said = "so",
    300: optional i32 far
}
