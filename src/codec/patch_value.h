/*
 * What a patch puts into a place: the value as the bytes of the place's type. Bytes and text share
 * this, and which places there are.
 */
#ifndef CODEC_PATCH_VALUE_H
#define CODEC_PATCH_VALUE_H

#include "codec/codec.h"
#include "value/path.h"

struct patch_value {
    bool removes;       /* there is none */
    union slot slot;    /* owned by the root */
    thrift_bytes bytes; /* encoded as an element; empty when it removes */
    thrift_buffer memory;
    struct thrift_root root;
};

/* The type of what the step leads to from a value of `type` (NULL: the outermost struct, of
 * `plan`); NULL and E_NAME: it leads nowhere. */
const struct plan_type *patch_target(const struct plan *plan, const struct plan_type *type,
                                     const struct path_step *step, thrift_error *err);

/* `any` is a plan of the schema; `quotes` as in json_value_write(). patch_value_end() releases,
 * also after a failure: E_TYPE, E_RANGE, E_NAME, E_NOMEM and what encoding refuses. */
thrift_status patch_value_begin(struct patch_value *made, const struct plan *any,
                                const struct plan_type *type, bool quotes, thrift_protocol protocol,
                                thrift_value value, const thrift_allocator *allocator,
                                thrift_error *err);
void patch_value_end(struct patch_value *made);

/* A key step as a key of the map type; its string is owned by the root. */
thrift_status patch_value_key(struct patch_value *made, const struct plan_type *map,
                              const struct path_step *step, union slot *out, thrift_error *err);

/* E_NAME: the last step; one before it. */
thrift_status patch_not_there(thrift_error *err);
thrift_status patch_no_holder(thrift_error *err);

#endif
