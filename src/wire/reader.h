/*
 * Streaming reader: one value after the other out of encoded bytes, without a definition. For what
 * is not worth a plan: dump, transcode, partial reads.
 *
 * The caller keeps track of where it is (struct, list, map) and asks for what comes next; sizes and
 * depth are checked here. Strings are views into the input. Binary and compact.
 */
#ifndef WIRE_READER_H
#define WIRE_READER_H

#include <rethrift/protocol.h>

#include "wire/cursor.h"

struct reader {
    struct cursor in;
    thrift_protocol protocol;
    const thrift_limits *limits;
};

/* A value without parts, of any type. */
struct wire_value {
    uint8_t type;    /* enum wire_type */
    int64_t integer; /* i8 to i64; a bool is 0 or 1 */
    double real;
    thrift_bytes bytes; /* string; a uuid's 16 */
};

struct wire_container {
    uint8_t key, element; /* types; of a list both the same; WIRE_STOP when an empty map has none */
    uint32_t count;
};

/* The next field of a struct; WIRE_STOP: its end. `*last_id` is 0 at the begin of a struct. A bool
 * of compact has its value in the head: `*truth`, and must not be read then. */
enum wire_fault reader_field(struct reader *reader, int16_t *last_id, uint8_t *type, int16_t *id,
                             bool *truth);
/* Types without parts: bool to string and uuid. */
enum wire_fault reader_value(struct reader *reader, uint8_t type, struct wire_value *out);
/* The head of a list, set or map; the count is possible and the types are types, unless empty. */
enum wire_fault reader_container(struct reader *reader, uint8_t type, struct wire_container *out);

static inline bool reader_bool_in_head(const struct reader *reader)
{
    return reader->protocol == THRIFT_COMPACT;
}

#endif
