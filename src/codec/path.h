/*
 * The place of a failure: from the innermost frame outwards into err->source; and on the way along
 * a path that a program has written, that path.
 */
#ifndef CODEC_PATH_H
#define CODEC_PATH_H

#include "codec/plan.h"
#include "value/path.h"

/* Each puts its step before what the error has already: ".email", "[3]", "{\"a\"}". */
void path_prepend_field(thrift_error *err, const struct layout_field *field);
void path_prepend_index(thrift_error *err, size_t index);
/* `slot` holds the key; NULL: not read yet, then the entry's number stands for it. */
void path_prepend_key(thrift_error *err, const struct plan_type *key, const void *slot,
                      size_t index);

struct path_walk {
    const char *text, *before, *behind; /* the whole, and where the step begins and ends */
    struct path_step step;
};

static inline struct path_walk path_walk_at(const char *text)
{
    return (struct path_walk){text, text, text, {.kind = PATH_BAD}};
}

void path_walk_next(struct path_walk *walk);
/* E_NAME: the text is no path, to its end. */
thrift_status path_check(const char *text, thrift_error *err);
/* The path up to the step in front of what the error has, or with the step. */
void path_walk_prepend(const struct path_walk *walk, bool with_step, thrift_error *err);

/* What is being passed over in a struct or container, when its bytes may turn out to be wrong. */
struct path_entry {
    enum { PATH_NO_ENTRY, PATH_MEMBER, PATH_ELEMENT } kind;
    int64_t number; /* the field's id, the item's index, the number of a map's entry */
};

/* `plan` of the struct; else `type` of the container. */
void path_prepend_entry(thrift_error *err, const struct path_entry *entry, const struct plan *plan,
                        const struct plan_type *type);

#endif
