/*
 * What the benchmarks encode and decode, and the service that the servers answer.
 *
 * Payloads: a one User; b one Mixed; c Users, a thousand; d Numeric; e Document; f Blob, one MiB.
 */
namespace cpp bench
namespace c_glib bench
namespace py bench_payloads

struct User {
  1: i32 id,
  2: string name,
  3: optional string email,
}

struct Users {
  1: list<User> users,
}

enum Color {
  RED = 1,
  GREEN = 2,
  BLUE = 3,
}

struct Point {
  1: double x,
  2: double y,
  3: double z,
}

struct Meta {
  1: i64 created,
  2: i64 updated,
  3: string owner,
  4: i32 version,
  5: bool locked,
}

struct Mixed {
  1: bool active,
  2: byte level,
  3: i16 port,
  4: i32 id,
  5: i64 big,
  6: double ratio,
  7: string name,
  8: binary token,
  9: Color color,
  10: bool hidden,
  11: i32 width,
  12: i32 height,
  13: i64 offset,
  14: i64 length,
  15: double weight,
  16: string title,
  17: Point pos,
  18: Meta meta,
  19: optional i32 parent_id,
  20: optional string note,
  21: Point dir,
}

struct Numeric {
  1: list<i64> longs,
  2: list<double> doubles,
  3: map<string, i64> counts,
}

struct Attr {
  1: string name,
  2: string value,
  3: optional list<string> tags,
}

struct Leaf {
  1: string title,
  2: i64 ts,
  3: bool flag,
  4: double score,
  5: list<Attr> attrs,
  6: map<string, list<string>> index,
}

struct Section {
  1: string title,
  2: i32 no,
  3: list<Leaf> leaves,
  4: map<string, Attr> named,
}

struct Document {
  1: string id,
  2: list<Section> sections,
  3: map<string, list<i32>> refs,
}

struct Blob {
  1: binary data,
}

service Echo {
  User echo(1: User u),
  Blob blob(1: Blob b),
  void ping(),
}
