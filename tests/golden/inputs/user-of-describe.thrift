/**
 * People and what they do.
 */
namespace py users
namespace java org.example.users

include "shared.thrift"

typedef i64 UserId

/** How many at most. */
const i32 LIMIT = 100
const map<string, list<i32>> SIZES = {"small": [1, 2], "large": []}
const shared.Address HOME = {"city": "Bern", "kind": shared.Kind.PRIVATE}

enum Role {
  GUEST = 1,
  /** May do everything. */
  ADMIN = 9 (color = "red"),
}

/**
 * A person who may log in.
 *
 * Names are not unique.
 */
struct User {
  1: required UserId id,
  2: string name = "nobody",
  /** Where to write to. */
  3: optional shared.Address address,
  4: list<Role> roles = [Role.GUEST],
  5: binary picture (max_size = "1000"),
} (table = "users")

union Key {
  1: UserId id,
  2: string name,
}

exception Missing {
  1: Key key,
}

service Users extends shared.Base {
  /** Finds one. */
  User get(1: Key key, 2: bool full = true) throws (1: Missing missing),
  oneway void forget(1: UserId id),
} (version = "2")
