/*
 * Path: the text `users[3].counts{"a"}`, one step at a time.
 *
 *     path ::= name step*      step ::= "." name | "[" digits "]" | "{" key "}"
 *     key  ::= '"' text with \" \\ \n \r \t '"' | anything without "}"
 *
 * Knows no values: codec/ reads and edits encoded bytes by the same steps.
 */
#ifndef VALUE_PATH_H
#define VALUE_PATH_H

#include "value/layout.h"

enum path_kind { PATH_END, PATH_FIELD, PATH_ITEM, PATH_KEY, PATH_BAD };

struct path_step {
    enum path_kind kind;
    const char *text; /* of a field or key, without quotes; escapes still in it */
    size_t size;
    uint32_t index; /* of an item */
    bool quoted;
};

/* What stands at *at, which moves behind it. `first`: the path begins here, with a name. */
struct path_step path_next(const char **at, bool first);

/* A key step as a key of that type; strings with escapes need `scratch`. E_TYPE when the text is no
 * such key, or the type has no text; E_LIMIT when it does not fit the scratch. */
#define PATH_SCRATCH_SIZE 256
thrift_status path_key(const struct path_step *step, const thrift_type *type,
                       char scratch[PATH_SCRATCH_SIZE], union slot *out);

#endif
