/*
 * Definitions and values made by chance, always the same for the same number.
 */
#ifndef CODEC_MADE_H
#define CODEC_MADE_H

#include <stdarg.h>

#include "base/buffer.h"
#include "fixture.h"

#define MADE_TYPES_MOST 24
#define MADE_FIELDS_MOST 6

enum made_kind { MADE_LEAF, MADE_LIST, MADE_SET, MADE_MAP, MADE_STRUCT, MADE_UNION };

struct made_type {
    enum made_kind kind;
    const char *leaf;    /* its keyword */
    uint8_t wire;        /* binary's type code */
    size_t element, key; /* places in `types` */
    size_t count;        /* of a struct's fields */
    size_t fields[MADE_FIELDS_MOST];
    int16_t ids[MADE_FIELDS_MOST];
    bool required[MADE_FIELDS_MOST];
};

/* Types refer to those made before, so that there is an end; the last is a struct. */
struct made {
    struct made_type types[MADE_TYPES_MOST];
    size_t count;
    uint64_t random;
    thrift_buffer text, bytes;
};

static const struct {
    const char *leaf;
    uint8_t wire;
    size_t size; /* 0: a string */
} made_leaves[] = {{"bool", 2, 1},   {"i8", 3, 1},     {"i16", 6, 2},     {"i32", 8, 4},
                   {"i64", 10, 8},   {"double", 4, 8}, {"string", 11, 0}, {"binary", 11, 0},
                   {"uuid", 16, 16}, {"Color", 8, 4}};
static const char made_enum[] = "enum Color { RED = 0, GREEN = 1, BLUE = 3 }\n";
/* Declared defaults, by leaf: what is absent stays absent all the same. */
static const char *const made_defaults[] = {"true", "-1",    "2",     "3",  "4",
                                            "0.5",  "\"d\"", "\"e\"", NULL, "Color.GREEN"};
static const uint8_t made_wires[] = {
    [MADE_LIST] = 15, [MADE_SET] = 14, [MADE_MAP] = 13, [MADE_STRUCT] = 12, [MADE_UNION] = 12};

static inline uint32_t made_below(struct made *made, uint32_t most)
{
    made->random = made->random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(made->random >> 33) % most;
}

static inline void made_put(struct made *made, const void *data, size_t size)
{
    ck_assert(buffer_append(&made->bytes, data, size));
}

static inline void made_put_number(struct made *made, uint64_t x, size_t size)
{
    for (size_t i = size; i > 0; i--) {
        made_put(made, &(uint8_t){(uint8_t)(x >> 8 * (i - 1))}, 1);
    }
}

static inline void made_say(struct made *made, const char *format, ...) THRIFT_PRINTF(2, 3);
static inline void made_say(struct made *made, const char *format, ...)
{
    char line[96];
    va_list arguments;

    va_start(arguments, format);
    (void)vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    ck_assert(buffer_append(&made->text, line, strlen(line)));
}

static inline void made_say_type(struct made *made, size_t at)
{
    const struct made_type *type = &made->types[at];

    if (type->kind == MADE_LEAF) {
        made_say(made, "%s", type->leaf);
    } else {
        made_say(made, "T%zu", at);
    }
}

static inline void made_container(struct made *made, struct made_type *type, enum made_kind kind)
{
    type->kind = kind;
    type->wire = made_wires[kind];
    type->element = made_below(made, (uint32_t)made->count);
    type->key = made_below(made, COUNT_OF(made_leaves)); /* leaves come first */
    made_say(made, "typedef %s<", kind == MADE_LIST ? "list" : kind == MADE_SET ? "set" : "map");
    if (kind == MADE_MAP) {
        made_say_type(made, type->key);
        made_say(made, ", ");
    }
    made_say_type(made, type->element);
    made_say(made, "> T%zu\n", made->count);
}

/* A field of a struct; of a union nothing is said about presence and defaults. */
static inline void made_say_field(struct made *made, struct made_type *type, size_t i)
{
    static const char *const words[] = {"optional ", "", "required "};
    uint32_t requiredness = type->kind == MADE_UNION ? 1 : made_below(made, 3);
    size_t of = type->fields[i];

    type->required[i] = requiredness == 2;
    made_say(made, " %d: %s", type->ids[i], words[requiredness]);
    made_say_type(made, of);
    made_say(made, " f%zu", i);
    if (type->kind == MADE_STRUCT && of < COUNT_OF(made_leaves) && made_defaults[of] != NULL &&
        made_below(made, 3) == 0) {
        made_say(made, " = %s", made_defaults[of]);
    }
    made_say(made, ",");
}

static inline void made_struct(struct made *made, struct made_type *type, enum made_kind kind)
{
    int32_t id = 0;

    type->kind = kind;
    type->wire = made_wires[kind];
    type->count = kind == MADE_UNION ? 1 + made_below(made, MADE_FIELDS_MOST)
                                     : made_below(made, MADE_FIELDS_MOST + 1);
    made_say(made, "%s T%zu {", kind == MADE_UNION ? "union" : "struct", made->count);
    for (size_t i = 0; i < type->count; i++) {
        id += 1 + (int32_t)(made_below(made, 4) == 0 ? made_below(made, 3000) : 0);
        type->ids[i] = (int16_t)id;
        type->fields[i] = made_below(made, (uint32_t)made->count);
        made_say_field(made, type, i);
    }
    made_say(made, " }\n");
}

static inline void made_types(struct made *made)
{
    for (made->count = 0; made->count < MADE_TYPES_MOST; made->count++) {
        struct made_type *type = &made->types[made->count];

        if (made->count < COUNT_OF(made_leaves)) {
            *type = (struct made_type){.kind = MADE_LEAF,
                                       .leaf = made_leaves[made->count].leaf,
                                       .wire = made_leaves[made->count].wire};
        } else if (made->count == MADE_TYPES_MOST - 1 || made_below(made, 2) == 0) {
            bool last = made->count == MADE_TYPES_MOST - 1;

            made_struct(made, type, last || made_below(made, 3) > 0 ? MADE_STRUCT : MADE_UNION);
        } else {
            made_container(made, type, (enum made_kind)(MADE_LIST + made_below(made, 3)));
        }
    }
}

/* `number` makes keys and items differ. */
static inline void made_put_leaf(struct made *made, size_t at, uint32_t number)
{
    size_t size = made_leaves[at].size;
    double real = (double)made_below(made, 1000000) / 8 - 1000 + number;
    uint64_t bits = ((uint64_t)made_below(made, 1u << 31) << 33 | made_below(made, 1u << 31)) << 8;
    char text[40];

    if (strcmp(made_leaves[at].leaf, "double") == 0) {
        memcpy(&bits, &real, sizeof bits);
        made_put_number(made, bits, 8);
    } else if (strcmp(made_leaves[at].leaf, "Color") == 0) {
        made_put_number(made, number, size); /* 2 is no symbol */
    } else if (size == 1 && made_leaves[at].wire == 2) {
        made_put_number(made, number % 2, 1);
    } else if (size > 8) {
        made_put_number(made, bits, 8);
        made_put_number(made, number, 8);
    } else if (size > 0) {
        made_put_number(made, bits + number, size);
    } else {
        int written = snprintf(text, sizeof text, "%u\"\\\xc3\xa4%.*s", number,
                               (int)made_below(made, 20), "abcdefghijklmnopqrst");

        made_put_number(made, (uint64_t)written, 4);
        made_put(made, text, (size_t)written);
    }
}

static inline void made_put_value(struct made *made, size_t at, uint32_t number);

/* Some of the fields; of a union one. */
static inline void made_put_fields(struct made *made, const struct made_type *type)
{
    size_t member = type->kind == MADE_UNION ? made_below(made, (uint32_t)type->count) : 0;

    for (size_t i = 0; i < type->count; i++) {
        if (type->kind == MADE_UNION ? i == member : type->required[i] || made_below(made, 3) > 0) {
            made_put(made, &made->types[type->fields[i]].wire, 1);
            made_put_number(made, (uint16_t)type->ids[i], 2);
            made_put_value(made, type->fields[i], made_below(made, 9));
        }
    }
    made_put_number(made, 0, 1);
}

static inline void made_put_value(struct made *made, size_t at, uint32_t number)
{
    const struct made_type *type = &made->types[at];
    uint32_t count = made->bytes.size > 1500 ? 0 : made_below(made, 4);

    if (type->kind == MADE_LEAF) {
        made_put_leaf(made, at, number);
        return;
    }
    if (type->kind == MADE_STRUCT || type->kind == MADE_UNION) {
        made_put_fields(made, type);
        return;
    }
    if (type->kind == MADE_MAP) {
        made_put(made, &made->types[type->key].wire, 1);
        count = type->key == 0 && count > 2 ? 2 : count; /* keys are true and false */
    }
    made_put(made, &made->types[type->element].wire, 1);
    made_put_number(made, count, 4);
    for (uint32_t i = 0; i < count; i++) {
        if (type->kind == MADE_MAP) {
            made_put_leaf(made, type->key, i);
        }
        made_put_value(made, type->element, i);
    }
}

/* A definition; its struct is named `type`. */
static inline thrift_schema *made_schema(struct made *made, char type[24])
{
    made_say(made, "%s", made_enum);
    made_types(made);
    (void)snprintf(type, 24, "T%d", MADE_TYPES_MOST - 1);
    ck_assert(buffer_append(&made->text, "", 1));
    return schema_of((const char *)made->text.data);
}

/* Another value of the struct, in binary. */
static inline thrift_bytes made_value(struct made *made)
{
    made->bytes.size = 0;
    made_put_value(made, MADE_TYPES_MOST - 1, 0);
    return buffer_bytes(&made->bytes);
}

static inline void made_deinit(struct made *made)
{
    thrift_buffer_deinit(&made->text);
    thrift_buffer_deinit(&made->bytes);
}

#endif
