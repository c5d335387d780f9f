/** What the vectors beside this file are values of; see make.py. */
namespace py vectors
namespace cpp vectors

enum Color { RED = 1, GREEN = 2, BLUE = 3 }

struct Point { 1: double x, 2: double y }

union Choice { 1: string text, 2: i32 number, 3: Point point }

struct Every {
    1: bool yes,
    2: i8 tiny,
    3: i16 small,
    4: i32 medium,
    5: i64 large,
    6: double real,
    7: string text,
    8: binary raw,
    9: Color color,
    10: Point point,
    11: list<i32> numbers,
    12: set<string> words,
    13: map<string, i64> counts,
    14: list<Point> points,
    15: map<i32, list<string>> names,
    16: list<bool> flags,
    17: list<list<i16>> table,
    18: map<i64, Point> places,
    19: Choice choice,
    20: list<double> reals,
    21: list<i64> larges,
    22: map<bool, i8> answers,
    40: optional string far,
    41: optional bool no,
    100: optional i32 farther,
    optional i32 negative
}

struct Empty {}

struct Defaults {
    1: i32 number = 42,
    2: string text = "default",
    3: optional i32 maybe = 7,
    4: list<i32> numbers = [1, 2, 3],
    5: Point point = {"x": 1.5, "y": -2.5}
}

exception Failure { 1: i32 code, 2: string why }

service Vectors {
    Every echo(1: Every value) throws (1: Failure failure),
    oneway void fire(1: i32 number)
}
