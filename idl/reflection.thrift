/**
 * What a server says about itself, for tools that have nothing but its address.
 *
 * Served as "Reflection:method" (multiplexed) beside the program's own services, when its
 * `reflection` option is set.
 */
namespace py rethrift.reflection

struct Method {
    1: string name,
    2: bool one_way,
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
    4: i64 since_ms, /** when it was published, in milliseconds since 1970 (UTC) */
    5: i32 live, /** generations alive: this one, and those that calls still hold */
}

/** What a load or a comparison had to say. */
struct Finding {
    1: string severity, /** "note", "warning", "error", "breaking" */
    2: string rule, /** "unknown-type", "field-type-changed", … */
    3: string element, /** "User.email"; empty for syntax */
    4: string message,
    5: optional string hint, /** what to do */
    6: string path,
    7: i32 line,
    8: i32 column,
}

struct Reload {
    1: string outcome, /** "none", "published", "unchanged", "refused", "failed" */
    2: string message, /** why it was refused or failed */
    3: i64 attempts,
    4: i64 failures, /** refused ones too */
    5: list<Finding> findings, /** of this attempt, at most 100; what refuses comes first */
    6: i64 age_ms,
    7: i64 duration_us,
}

service Reflection {
    list<Service> services(),
    list<File> files(),
    Generation generation(),
    Reload lastReload(),
}

/**
 * What may be asked of a server; served as "Control:method" when its `control` option is set, since
 * whoever can connect can call it.
 */
service Control {
    /** An attempt to reload from the files, soon; Reflection.lastReload() says how it ended. */
    void reload(),
}
