/*
 * Locating: along a path through encoded bytes, passing over everything else. Binary and compact.
 *
 * The locator stands at the begin of one value, whose type is known; each step goes into it. Of a
 * field, key or item that is there twice the first is taken.
 */
#ifndef CODEC_LOCATE_H
#define CODEC_LOCATE_H

#include "codec/path.h"
#include "wire/reader.h"

struct locator {
    struct reader reader;
    const struct plan_type *type; /* of the value here; NULL: the outermost struct */
    const struct plan *plan;      /* of the value here, when it is a struct */
    bool in_head;                 /* the value is a bool that stood in its field's head: */
    bool truth;
    bool absent;             /* the last step led nowhere */
    bool damaged;            /* locator_fail() was called */
    struct path_entry entry; /* of the holder here */
    uint32_t depth, structs;
};

/* At the begin of a struct. */
struct locator locator_at(const struct plan *plan, thrift_protocol protocol, thrift_bytes input,
                          const thrift_limits *limits);

/* E_NAME: no such field, or nothing that such a step goes into; E_TYPE: no such key. Otherwise
 * what is wrong with the bytes. Not being there is no error: `absent`. */
thrift_status locator_step(struct locator *locator, const struct path_step *step,
                           thrift_error *err);

/* The operation that a field step names in a struct, or in none (NULL); NULL and E_NAME. */
const struct plan_op *locator_field(const struct plan *plan, const struct path_step *step,
                                    thrift_error *err);
/* E_NAME: what is wrong with the step, which is quoted behind it. */
thrift_status locator_no_step(const struct path_step *step, const char *what, thrift_error *err);
/* The head of the list or map here. `*matches`: its elements are of the declared types. */
enum wire_fault locator_head(struct locator *locator, struct wire_container *head, bool *matches);
/* Passes over a value; one that is in its field's head has no bytes. */
enum wire_fault locator_pass(struct locator *locator, uint8_t wire);
/* Over `count` elements of the list whose head was read, from the first that is left. */
enum wire_fault locator_pass_elements(struct locator *locator, uint8_t wire, uint32_t first,
                                      uint32_t count);
/* Reads a map's key and tells whether it is the one in the slot. */
enum wire_fault locator_key(struct locator *locator, const struct plan_type *key,
                            const union slot *slot, bool *same);
/* wire_fail() where the locator stands, with what there is in the holder. */
thrift_status locator_fail(struct locator *locator, enum wire_fault fault, thrift_error *err);

#endif
