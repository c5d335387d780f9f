/**
 * What a server says about itself, for tools that have nothing but its address.
 *
 * Served as "Reflection:method" (multiplexed) beside the program's own services, when its
 * `reflection` option is set.
 */
namespace py rethrift.reflection

struct Method {
    1: string name,
    2: bool oneway,
    3: bool handled, /** a handler is bound; without one a call is answered with an error */
}

struct Service {
    1: string name,
    2: optional string extending,
    3: list<Method> methods, /** inherited ones too */
}

struct File {
    1: string path, /** as the program or an include names it; the root file comes first */
    2: string text,
}

struct Generation {
    1: i64 number,
    2: string fingerprint, /** equal: the same on the wire */
    3: i64 age_ms,
}

struct Reload {
    1: string outcome, /** "none", "published", "unchanged", "refused", "failed" */
    2: string message, /** why it was refused or failed */
    3: i64 attempts,
    4: i64 failures, /** refused ones too */
}

service Reflection {
    list<Service> services(),
    list<File> files(),
    Generation generation(),
    Reload lastReload(),
}
