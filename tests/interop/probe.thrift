/** What the interoperability tests call: every kind of value, exceptions, oneway, inheritance. */
namespace py probe
namespace cpp probe

enum Colour { RED = 1, GREEN = 2, BLUE = 4 }

struct Item {
    1: required i32 id,
    2: optional string text,
    3: list<i32> numbers,
    4: map<string, i64> counts,
    5: set<string> tags,
    6: double weight,
    7: bool flag,
    8: Colour colour,
    9: binary blob,
    10: i16 small,
    11: i64 big,
    12: byte tiny,
    13: optional string note = "as usual"
}

exception Refused { 1: i32 code, 2: string why }
exception Missing { 1: string key }

service Base {
    string echo(1: string text),
    /** How many notes have arrived. */
    i32 notes()
}

service Probe extends Base {
    Item mirror(1: Item item),
    /** "refused" and "missing" throw, any other key gives an Item with this text. */
    Item find(1: string key) throws (1: Refused refused, 2: Missing missing),
    oneway void note(1: string text),
    void nothing(),
    i64 add(1: i64 a, 2: i64 b),
    list<Item> many(1: i32 count),
    /** Fails without a declared exception. */
    void fail(1: string text)
}
