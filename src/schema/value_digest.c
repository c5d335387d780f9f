/*
 * A container's digest is that of its parts' digests, which are sorted first where their order
 * means nothing. The parts of the containers that are open stand behind each other in one buffer.
 */
#include "schema/value_digest.h"

#include <stdlib.h>

#include "base/buffer.h"

#define UNIT HASH_WIDE_SIZE

struct open_value {
    const struct const_value *value;
    size_t next, count; /* parts; a record's are its values */
    size_t begin;       /* of its parts' digests in the buffer */
};

/* What tells values of different kinds apart; all integers are alike. */
static uint8_t class_of(thrift_kind kind)
{
    bool integer = kind == THRIFT_KIND_ENUM || (kind >= THRIFT_KIND_I8 && kind <= THRIFT_KIND_I64);

    return (uint8_t)(integer ? THRIFT_KIND_I64 : kind);
}

static void put_u64(uint8_t to[8], uint64_t value)
{
    for (size_t i = 0; i < 8; i++) {
        to[i] = (uint8_t)(value >> (8 * i));
    }
}

static void digest_bytes(uint8_t class, const void *data, size_t size, uint8_t out[UNIT])
{
    hash_wide(data, size, out);
    out[UNIT - 1] = (uint8_t)(out[UNIT - 1] ^ class);
}

static void digest_number(uint8_t class, uint64_t number, uint8_t out[UNIT])
{
    memset(out, 0, UNIT);
    put_u64(out, number);
    out[UNIT - 1] = class;
}

static bool is_container(const struct const_value *value)
{
    return value->kind == THRIFT_KIND_RECORD || value->kind == THRIFT_KIND_LIST ||
           value->kind == THRIFT_KIND_SET || value->kind == THRIFT_KIND_MAP;
}

static void digest_scalar(const struct const_value *value, uint8_t out[UNIT])
{
    uint8_t class = class_of(value->kind);
    uint64_t bits = 0;

    if (value->kind == THRIFT_KIND_STRING || value->kind == THRIFT_KIND_BINARY) {
        digest_bytes(class, value->as.bytes.data, value->as.bytes.size, out);
    } else if (value->kind == THRIFT_KIND_UUID) {
        digest_bytes(class, value->as.uuid, sizeof value->as.uuid, out);
    } else if (value->kind == THRIFT_KIND_DOUBLE) {
        memcpy(&bits, &value->as.real, sizeof bits);
        digest_number(class, bits, out);
    } else {
        digest_number(class,
                      value->kind == THRIFT_KIND_BOOL ? (uint64_t)value->as.boolean
                                                      : (uint64_t)value->as.integer,
                      out);
    }
}

static struct open_value open_value(const struct const_value *value, size_t begin)
{
    size_t count = value->kind == THRIFT_KIND_RECORD ? value->as.record.count
                   : value->kind == THRIFT_KIND_MAP  ? 2 * value->as.container.count
                                                     : value->as.container.count;

    return (struct open_value){value, 0, count, begin};
}

/* The next part; before a record's, the digest of the field's id. NULL: no memory. */
static const struct const_value *next_part(struct open_value *open, thrift_buffer *digests)
{
    const struct const_value *value = open->value;
    size_t i = open->next++;
    uint8_t id[UNIT];

    if (value->kind != THRIFT_KIND_RECORD) {
        return &value->as.container.items[i];
    }
    digest_number(THRIFT_KIND_NONE, (uint64_t)(int64_t)value->as.record.fields[i]->id, id);
    return buffer_append(digests, id, UNIT) ? &value->as.record.values[i] : NULL;
}

static int compare_units(const void *a, const void *b) { return memcmp(a, b, UNIT); }
static int compare_pairs(const void *a, const void *b) { return memcmp(a, b, 2 * (size_t)UNIT); }

/* Sorts; a set's equal items count once. Returns how many bytes are left. */
static size_t normalise(const struct const_value *value, uint8_t *units, size_t size)
{
    size_t kept = UNIT;

    if (size == 0 || value->kind == THRIFT_KIND_LIST) {
        return size;
    }
    if (value->kind != THRIFT_KIND_SET) {
        qsort(units, size / (2 * (size_t)UNIT), 2 * (size_t)UNIT, compare_pairs);
        return size;
    }
    qsort(units, size / UNIT, UNIT, compare_units);
    for (size_t at = UNIT; at < size; at += UNIT) {
        if (memcmp(units + at, units + kept - UNIT, UNIT) != 0) {
            memmove(units + kept, units + at, UNIT);
            kept += UNIT;
        }
    }
    return kept;
}

/* Its parts' digests in the buffer become its own. */
static void close_value(const struct open_value *open, thrift_buffer *digests, uint8_t out[UNIT])
{
    size_t size = digests->size - open->begin;
    uint8_t *units = size > 0 ? digests->data + open->begin : NULL;

    size = normalise(open->value, units, size);
    digest_bytes(class_of(open->value->kind), units, size, out);
    digests->size = open->begin;
}

static bool walk(const struct const_value *value, thrift_buffer *digests, uint8_t out[UNIT])
{
    struct open_value stack[SCHEMA_VALUE_DEPTH_MOST + 1];
    size_t depth = 0;

    stack[depth++] = open_value(value, 0);
    while (depth > 0) {
        struct open_value *top = &stack[depth - 1];

        if (top->next == top->count) {
            close_value(top, digests, out);
            depth--;
        } else {
            const struct const_value *part = next_part(top, digests);

            if (part == NULL) {
                return false;
            }
            if (is_container(part)) {
                stack[depth++] = open_value(part, digests->size);
                continue;
            }
            digest_scalar(part, out);
        }
        if (depth > 0 && !buffer_append(digests, out, UNIT)) {
            return false;
        }
    }
    return true;
}

bool value_digest(const struct const_value *value, thrift_buffer *scratch, uint8_t out[UNIT])
{
    scratch->size = 0;
    if (value == NULL) {
        digest_number(THRIFT_KIND_NONE, 0, out);
        return true;
    }
    if (!is_container(value)) {
        digest_scalar(value, out);
        return true;
    }
    return walk(value, scratch, out);
}
