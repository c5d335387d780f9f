/** What the cases of wire.jsonl are messages of. */
struct Empty {}
union U { 1: string s, 2: i32 i }
struct Node { 1: optional list<Node> kids }
struct Args {
    1: list<Empty> e,
    2: list<Node> b,
    3: list<bool> f,
    4: map<i32, i32> m,
    5: string s,
    6: Node n,
    7: U u,
    8: set<string> ss,
    9: required i32 req,
    10: double d,
    11: uuid id
}
service T {
    Args echo(1: Args a),
    oneway void fire(1: Args a)
}
