/** What Ids-ids.node.* are values of. Debian's compiler knows no uuid; node's library does: make_node.py. */
struct Ids {
    1: uuid id,
    2: list<uuid> listed,
    3: set<uuid> known,
    4: map<uuid, i32> numbers,
    5: map<string, uuid> named
}
