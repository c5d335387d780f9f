/*
 * Locating in JSON: locate.h for TJSON and plain JSON, which have no counts to pass over values by,
 * so that everything before the place is looked at once. Of what is there twice the first is taken;
 * null is absence.
 */
#ifndef CODEC_LOCATE_JSON_H
#define CODEC_LOCATE_JSON_H

#include "codec/path.h"
#include "codec/transcode_source.h"

struct json_locator {
    struct transcode_source source;
    const struct plan_type *type; /* of the value here; NULL: the outermost struct */
    const struct plan *plan;      /* of the value here, when it is a struct */
    bool quotes;             /* plain JSON: the value here is in a field whose numbers are text */
    bool absent;             /* the last step led nowhere */
    bool damaged;            /* json_locator_said() was told of a fault */
    struct path_entry entry; /* of the holder here */
};

/* At the begin of a struct; json_locator_end() releases, also after a failure (E_NOMEM). */
thrift_status json_locator_begin(struct json_locator *locator, const struct plan *plan,
                                 thrift_protocol protocol, thrift_bytes input, thrift_error *err);
void json_locator_end(struct json_locator *locator);

/* As locator_step(). */
thrift_status json_locator_step(struct json_locator *locator, const struct path_step *step,
                                thrift_error *err);

/* Passes over a value of a type that the text says, or that is declared. */
enum wire_fault json_locator_pass(struct json_locator *locator, uint8_t wire);
/* The fault where the locator stands, or what the decoder says of it, as a status, with what there
 * is in the holder. */
thrift_status json_locator_said(struct json_locator *locator, enum wire_fault fault,
                                thrift_error *err);
bool json_locator_same_key(const struct plan_type *key, const union slot *a, const union slot *b);

static inline bool json_locator_is_tagged(const struct json_locator *locator)
{
    return locator->source.protocol == THRIFT_TJSON;
}

/* The value here: a leaf in a slot, whose string is a view or lives as long as the locator. */
thrift_status json_locator_leaf(struct json_locator *locator, union slot *out, thrift_error *err);
/* The same as its text. */
thrift_status json_locator_text(struct json_locator *locator, thrift_bytes *out, thrift_error *err);

#endif
