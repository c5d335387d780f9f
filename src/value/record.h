/*
 * Record: one struct, union or exception in memory, under its layout.
 *
 * Invariant: an absent field's slot holds its declared default, or zero bytes.
 * Invariant: the slot of a present string, record, list or map is never NULL; it may point at a
 * shared constant (root NULL), which writers copy first.
 */
#ifndef VALUE_RECORD_H
#define VALUE_RECORD_H

#include "base/bytes.h"
#include "value/layout.h"
#include "value/root.h"

struct thrift_record {
    const struct layout *layout;
    struct thrift_root *root; /* NULL: a shared constant */
};

/* Makes the record at `to` an empty one, but for its root. Both sides are arena memory, which less
 * than two vectors more may be read from and written to. */
static inline void record_copy_image(uint8_t *to, const uint8_t *image, size_t size)
{
    bytes_copy_pair(to, image);
    if (size > BYTES_PAIR) {
        bytes_copy_pair(to + BYTES_PAIR, image + BYTES_PAIR);
    }
    for (size_t i = 2 * BYTES_PAIR; __builtin_expect(i < size, 0); i += BYTES_PAIR) {
        bytes_copy_pair(to + i, image + i);
    }
}

static inline void record_fill(thrift_record *record, const struct layout *layout,
                               struct thrift_root *root)
{
    record_copy_image((uint8_t *)record, layout->image, layout->size);
    record->root = root;
}

/* A new empty record in the root's arena. NULL: arena_fail() says why. */
static inline thrift_record *record_make(struct thrift_root *root, const struct layout *layout)
{
    thrift_record *record = arena_alloc(&root->arena, layout->size);

    if (record != NULL) {
        record_fill(record, layout, root);
    }
    return record;
}

static inline void *record_slot(thrift_record *record, const struct layout_field *field)
{
    return (uint8_t *)record + field->offset;
}

static inline const void *record_slot_const(const thrift_record *record,
                                            const struct layout_field *field)
{
    return (const uint8_t *)record + field->offset;
}

static inline uint64_t *record_presence(thrift_record *record)
{
    void *at = (uint8_t *)record + record->layout->has_offset;

    return at;
}

static inline const uint64_t *record_presence_const(const thrift_record *record)
{
    const void *at = (const uint8_t *)record + record->layout->has_offset;

    return at;
}

/* Of a union: slot + 1 of the member that is set; 0: none. */
static inline uint32_t *record_tag(thrift_record *record)
{
    void *at = (uint8_t *)record + record->layout->has_offset;

    return at;
}

static inline uint32_t record_tag_const(const thrift_record *record)
{
    const void *at = (const uint8_t *)record + record->layout->has_offset;

    return *(const uint32_t *)at;
}

static inline bool record_has(const thrift_record *record, const struct layout_field *field)
{
    if (record->layout->tagged) {
        return record_tag_const(record) == field->has;
    }
    return (record_presence_const(record)[field->has / 64] >> (field->has % 64) & 1) != 0;
}

static inline void record_mark(thrift_record *record, const struct layout_field *field)
{
    if (record->layout->tagged) {
        *record_tag(record) = field->has;
    } else {
        record_presence(record)[field->has / 64] |= UINT64_C(1) << (field->has % 64);
    }
}

/* The type of a record that stands in no field; which struct it is, the record itself says. */
extern const thrift_type record_type_of_any;

/* The place of a field handle. One of another schema's struct of the same name is looked up by its
 * own name (the handle may be older than the schema); any other is a mistake: NULL, noted. */
const struct layout_field *record_field_of(const thrift_record *record, const thrift_field *field);

/* Absent again, with the declared default in its slot. */
void record_clear(thrift_record *record, const struct layout_field *field);

#endif
