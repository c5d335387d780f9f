/*
 * Transcoding: Apache's bytes in one protocol become Apache's bytes in the other; values of
 * generated definitions come back by every way, and no prefix of them is a value.
 *
 * Covers also: wire/transcode.c.
 */
#include <stdarg.h>

#include "base/buffer.h"
#include "by_record.h"

static const struct {
    const char *name, *type;
} vectors[] = {
    {"Every-full", "Every"},           {"Every-long", "Every"},  {"Every-choice", "Every"},
    {"Point-plain", "Point"},          {"Empty-empty", "Empty"}, {"Choice-text", "Choice"},
    {"Defaults-defaults", "Defaults"},
};

static const struct {
    const char *name;
    thrift_protocol protocol;
} protocols[] = {{"binary", THRIFT_BINARY}, {"compact", THRIFT_COMPACT}, {"tjson", THRIFT_TJSON}};

static thrift_bytes load(size_t vector, size_t protocol)
{
    char file[64];

    (void)snprintf(file, sizeof file, "%s.%s", vectors[vector].name, protocols[protocol].name);
    return vector_of(file);
}

/* Python leaves control characters raw. */
static const thrift_codec_options python = {.struct_size = sizeof python,
                                            .accept = THRIFT_ACCEPT_UTF8};

/* Python pads base64 and escapes in ways of its own, so TJSON is only read here. */
START_TEST(from_each_to_each)
{
    thrift_schema *schema = vector_schema();

    for (size_t from = 0; from < COUNT_OF(protocols); from++) {
        for (size_t to = 0; to < 2; to++) {
            thrift_bytes input = load((size_t)_i, from), want = load((size_t)_i, to);
            thrift_buffer out = THRIFT_BUFFER_INIT;
            thrift_error err = THRIFT_ERROR_INIT;

            ck_assert_msg(thrift_transcode(schema, vectors[_i].type, protocols[from].protocol,
                                           input, protocols[to].protocol, &python, &out,
                                           &err) == THRIFT_OK,
                          "%s from %s: %s: %s", vectors[_i].name, protocols[from].name, err.source,
                          err.message);
            ck_assert_msg(out.size == want.size && memcmp(out.data, want.data, out.size) == 0,
                          "%s from %s to %s", vectors[_i].name, protocols[from].name,
                          protocols[to].name);
            thrift_buffer_deinit(&out);
            vector_free(input);
            vector_free(want);
        }
    }
    thrift_schema_unref(schema);
}
END_TEST

START_TEST(through_every_protocol_and_back)
{
    static const thrift_protocol round[] = {THRIFT_TJSON, THRIFT_COMPACT, THRIFT_PLAIN_JSON,
                                            THRIFT_BINARY};
    thrift_schema *schema = vector_schema();
    thrift_bytes start = load((size_t)_i, 0);
    thrift_protocol from = THRIFT_BINARY;
    thrift_buffer now = THRIFT_BUFFER_INIT;

    for (size_t i = 0; i < COUNT_OF(round); i++) {
        thrift_buffer next = THRIFT_BUFFER_INIT;
        thrift_bytes input = i == 0 ? start : (thrift_bytes){now.data, now.size};
        thrift_error err = THRIFT_ERROR_INIT;

        ck_assert_msg(thrift_transcode(schema, vectors[_i].type, from, input, round[i], NULL, &next,
                                       &err) == THRIFT_OK,
                      "%s, step %zu: %s: %s", vectors[_i].name, i, err.source, err.message);
        thrift_buffer_deinit(&now);
        now = next;
        from = round[i];
    }
    ck_assert_uint_eq(now.size, start.size);
    ck_assert_mem_eq(now.data, start.data, now.size);
    thrift_buffer_deinit(&now);
    vector_free(start);
    thrift_schema_unref(schema);
}
END_TEST

START_TEST(needs_no_definition_between_tagged_protocols)
{
    thrift_bytes input = load(0, 1), want = load(0, 0);
    thrift_buffer out = THRIFT_BUFFER_INIT;
    thrift_error err = THRIFT_ERROR_INIT;

    ck_assert_int_eq(
        thrift_transcode(NULL, NULL, THRIFT_COMPACT, input, THRIFT_BINARY, NULL, &out, &err),
        THRIFT_OK);
    ck_assert_uint_eq(out.size, want.size);
    ck_assert_mem_eq(out.data, want.data, out.size);
    ck_assert_int_eq(
        thrift_transcode(NULL, NULL, THRIFT_COMPACT, input, THRIFT_PLAIN_JSON, NULL, &out, &err),
        THRIFT_E_ARGUMENT);
    for (size_t size = 0; size < input.size; size++) {
        ck_assert_int_eq(thrift_transcode(NULL, NULL, THRIFT_COMPACT,
                                          (thrift_bytes){input.data, size}, THRIFT_BINARY, NULL,
                                          &out, &err),
                         THRIFT_E_TRUNCATED);
        ck_assert_uint_eq(out.size, want.size);
    }
    thrift_buffer_deinit(&out);
    vector_free(input);
    vector_free(want);
}
END_TEST

START_TEST(refuses)
{
    static const uint8_t trailing[] = {0, 0}, deep[] = {15, 0, 1, 0, 0, 0, 0, 1, 0};
    thrift_buffer out = THRIFT_BUFFER_INIT;
    thrift_error err = THRIFT_ERROR_INIT;

    ck_assert_int_eq(thrift_transcode(NULL, NULL, THRIFT_BINARY, (thrift_bytes){trailing, 2},
                                      THRIFT_COMPACT, NULL, &out, &err),
                     THRIFT_E_TRAILING);
    ck_assert_int_eq(thrift_transcode(NULL, NULL, THRIFT_BINARY, (thrift_bytes){deep, sizeof deep},
                                      THRIFT_COMPACT, NULL, &out, &err),
                     THRIFT_E_CORRUPT);
    ck_assert_uint_eq(out.size, 0);
    thrift_buffer_deinit(&out);
}
END_TEST

/* ---- generated definitions and values ---- */

#define TYPES_MOST 24
#define FIELDS_MOST 6

enum made_kind { MADE_LEAF, MADE_LIST, MADE_SET, MADE_MAP, MADE_STRUCT, MADE_UNION };

struct made_type {
    enum made_kind kind;
    const char *leaf;    /* its keyword */
    uint8_t wire;        /* binary's type code */
    size_t element, key; /* places in `types` */
    size_t count;        /* of a struct's fields */
    size_t fields[FIELDS_MOST];
    int16_t ids[FIELDS_MOST];
    bool required[FIELDS_MOST];
};

/* Types refer to those made before, so that there is an end; the last is a struct. */
struct made {
    struct made_type types[TYPES_MOST];
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

static uint32_t below(struct made *made, uint32_t most)
{
    made->random = made->random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(made->random >> 33) % most;
}

static void put(struct made *made, const void *data, size_t size)
{
    ck_assert(buffer_append(&made->bytes, data, size));
}

static void put_number(struct made *made, uint64_t x, size_t size)
{
    for (size_t i = size; i > 0; i--) {
        put(made, &(uint8_t){(uint8_t)(x >> 8 * (i - 1))}, 1);
    }
}

static void say(struct made *made, const char *format, ...) THRIFT_PRINTF(2, 3);
static void say(struct made *made, const char *format, ...)
{
    char line[96];
    va_list arguments;

    va_start(arguments, format);
    (void)vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    ck_assert(buffer_append(&made->text, line, strlen(line)));
}

static void say_type(struct made *made, size_t at)
{
    const struct made_type *type = &made->types[at];

    if (type->kind == MADE_LEAF) {
        say(made, "%s", type->leaf);
    } else {
        say(made, "T%zu", at);
    }
}

static void make_container(struct made *made, struct made_type *type, enum made_kind kind)
{
    type->kind = kind;
    type->wire = made_wires[kind];
    type->element = below(made, (uint32_t)made->count);
    type->key = below(made, COUNT_OF(made_leaves)); /* leaves come first */
    say(made, "typedef %s<", kind == MADE_LIST ? "list" : kind == MADE_SET ? "set" : "map");
    if (kind == MADE_MAP) {
        say_type(made, type->key);
        say(made, ", ");
    }
    say_type(made, type->element);
    say(made, "> T%zu\n", made->count);
}

/* A field of a struct; of a union nothing is said about presence and defaults. */
static void say_field(struct made *made, struct made_type *type, size_t i)
{
    static const char *const words[] = {"optional ", "", "required "};
    uint32_t requiredness = type->kind == MADE_UNION ? 1 : below(made, 3);
    size_t of = type->fields[i];

    type->required[i] = requiredness == 2;
    say(made, " %d: %s", type->ids[i], words[requiredness]);
    say_type(made, of);
    say(made, " f%zu", i);
    if (type->kind == MADE_STRUCT && of < COUNT_OF(made_leaves) && made_defaults[of] != NULL &&
        below(made, 3) == 0) {
        say(made, " = %s", made_defaults[of]);
    }
    say(made, ",");
}

static void make_struct(struct made *made, struct made_type *type, enum made_kind kind)
{
    int32_t id = 0;

    type->kind = kind;
    type->wire = made_wires[kind];
    type->count = kind == MADE_UNION ? 1 + below(made, FIELDS_MOST) : below(made, FIELDS_MOST + 1);
    say(made, "%s T%zu {", kind == MADE_UNION ? "union" : "struct", made->count);
    for (size_t i = 0; i < type->count; i++) {
        id += 1 + (int32_t)(below(made, 4) == 0 ? below(made, 3000) : 0);
        type->ids[i] = (int16_t)id;
        type->fields[i] = below(made, (uint32_t)made->count);
        say_field(made, type, i);
    }
    say(made, " }\n");
}

static void make_types(struct made *made)
{
    for (made->count = 0; made->count < TYPES_MOST; made->count++) {
        struct made_type *type = &made->types[made->count];

        if (made->count < COUNT_OF(made_leaves)) {
            *type = (struct made_type){.kind = MADE_LEAF,
                                       .leaf = made_leaves[made->count].leaf,
                                       .wire = made_leaves[made->count].wire};
        } else if (made->count == TYPES_MOST - 1 || below(made, 2) == 0) {
            bool last = made->count == TYPES_MOST - 1;

            make_struct(made, type, last || below(made, 3) > 0 ? MADE_STRUCT : MADE_UNION);
        } else {
            make_container(made, type, (enum made_kind)(MADE_LIST + below(made, 3)));
        }
    }
}

/* `number` makes keys and items differ. */
static void put_leaf(struct made *made, size_t at, uint32_t number)
{
    size_t size = made_leaves[at].size;
    double real = (double)below(made, 1000000) / 8 - 1000 + number;
    uint64_t bits = ((uint64_t)below(made, 1u << 31) << 33 | below(made, 1u << 31)) << 8;
    char text[40];

    if (strcmp(made_leaves[at].leaf, "double") == 0) {
        memcpy(&bits, &real, sizeof bits);
        put_number(made, bits, 8);
    } else if (strcmp(made_leaves[at].leaf, "Color") == 0) {
        put_number(made, number, size); /* 2 is no symbol */
    } else if (size == 1 && made_leaves[at].wire == 2) {
        put_number(made, number % 2, 1);
    } else if (size > 8) {
        put_number(made, bits, 8);
        put_number(made, number, 8);
    } else if (size > 0) {
        put_number(made, bits + number, size);
    } else {
        int written = snprintf(text, sizeof text, "%u\"\\\xc3\xa4%.*s", number,
                               (int)below(made, 20), "abcdefghijklmnopqrst");

        put_number(made, (uint64_t)written, 4);
        put(made, text, (size_t)written);
    }
}

static void put_value(struct made *made, size_t at, uint32_t number);

/* Some of the fields; of a union one. */
static void put_fields(struct made *made, const struct made_type *type)
{
    size_t member = type->kind == MADE_UNION ? below(made, (uint32_t)type->count) : 0;

    for (size_t i = 0; i < type->count; i++) {
        if (type->kind == MADE_UNION ? i == member : type->required[i] || below(made, 3) > 0) {
            put(made, &made->types[type->fields[i]].wire, 1);
            put_number(made, (uint16_t)type->ids[i], 2);
            put_value(made, type->fields[i], below(made, 9));
        }
    }
    put_number(made, 0, 1);
}

static void put_value(struct made *made, size_t at, uint32_t number)
{
    const struct made_type *type = &made->types[at];
    uint32_t count = made->bytes.size > 1500 ? 0 : below(made, 4);

    if (type->kind == MADE_LEAF) {
        put_leaf(made, at, number);
        return;
    }
    if (type->kind == MADE_STRUCT || type->kind == MADE_UNION) {
        put_fields(made, type);
        return;
    }
    if (type->kind == MADE_MAP) {
        put(made, &made->types[type->key].wire, 1);
        count = type->key == 0 && count > 2 ? 2 : count; /* keys are true and false */
    }
    put(made, &made->types[type->element].wire, 1);
    put_number(made, count, 4);
    for (uint32_t i = 0; i < count; i++) {
        if (type->kind == MADE_MAP) {
            put_leaf(made, type->key, i);
        }
        put_value(made, type->element, i);
    }
}

static void check_detour(const struct made *made, const thrift_schema *schema, const char *type,
                         thrift_protocol by)
{
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_buffer there = THRIFT_BUFFER_INIT, back = THRIFT_BUFFER_INIT;

    ck_assert_msg(thrift_transcode(schema, type, THRIFT_BINARY, buffer_bytes(&made->bytes), by,
                                   NULL, &there, &err) == THRIFT_OK,
                  "to %d: %s: %s\n%.*s", (int)by, err.source, err.message, (int)made->text.size,
                  (const char *)made->text.data);
    ck_assert_msg(thrift_transcode(schema, type, by, buffer_bytes(&there), THRIFT_BINARY, NULL,
                                   &back, &err) == THRIFT_OK,
                  "from %d: %s: %s\n%.*s\n%.*s", (int)by, err.source, err.message,
                  (int)made->text.size, (const char *)made->text.data, (int)there.size,
                  (const char *)there.data);
    ck_assert_msg(back.size == made->bytes.size &&
                      memcmp(back.data, made->bytes.data, back.size) == 0,
                  "by %d other bytes come back\n%.*s", (int)by, (int)made->text.size,
                  (const char *)made->text.data);
    thrift_buffer_deinit(&there);
    thrift_buffer_deinit(&back);
}

/* From one protocol to another without binary between them. */
static void check_pair(const struct made *made, const thrift_schema *schema, const char *type,
                       thrift_protocol from, thrift_protocol to)
{
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_buffer input = THRIFT_BUFFER_INIT;

    ck_assert_int_eq(thrift_transcode(schema, type, THRIFT_BINARY, buffer_bytes(&made->bytes), from,
                                      NULL, &input, &err),
                     THRIFT_OK);
    check_both_ways(schema, type, from, buffer_bytes(&input), to, NULL, true);
    thrift_buffer_deinit(&input);
}

static void check_prefixes(const struct made *made, const thrift_schema *schema, const char *type)
{
    for (size_t size = 0; size < made->bytes.size; size++) {
        thrift_error err = THRIFT_ERROR_INIT;

        ck_assert_ptr_null(thrift_decode(schema, type, THRIFT_BINARY,
                                         (thrift_bytes){made->bytes.data, size}, NULL, &err));
        ck_assert_int_eq(err.code, THRIFT_E_TRUNCATED);
    }
}

START_TEST(generated_values_come_back_by_every_way)
{
    static const thrift_protocol ways[] = {THRIFT_BINARY, THRIFT_COMPACT, THRIFT_TJSON,
                                           THRIFT_PLAIN_JSON};
    struct made made = {.random = (uint64_t)_i * 7919 + 1};
    thrift_schema *schema;
    char type[24];

    say(&made, "%s", made_enum);
    make_types(&made);
    (void)snprintf(type, sizeof type, "T%d", TYPES_MOST - 1);
    ck_assert(buffer_append(&made.text, "", 1));
    schema = schema_of((const char *)made.text.data);
    for (size_t value = 0; value < 4; value++) {
        made.bytes.size = 0;
        put_value(&made, TYPES_MOST - 1, 0);
        for (size_t way = 0; way < COUNT_OF(ways); way++) {
            check_detour(&made, schema, type, ways[way]);
            for (size_t to = 0; to < COUNT_OF(ways); to++) {
                check_pair(&made, schema, type, ways[way], ways[to]);
            }
        }
        check_prefixes(&made, schema, type);
    }
    thrift_schema_unref(schema);
    thrift_buffer_deinit(&made.text);
    thrift_buffer_deinit(&made.bytes);
}
END_TEST

/* Limits that are given hold through the record that lies between. */
START_TEST(limits_hold)
{
    thrift_schema *schema = vector_schema();
    thrift_bytes input = vector_of("Every-full.binary");
    thrift_limits limits = THRIFT_LIMITS_INIT;
    thrift_codec_options options = THRIFT_CODEC_OPTIONS_INIT;
    thrift_buffer out = THRIFT_BUFFER_INIT;
    thrift_error err = THRIFT_ERROR_INIT;

    options.limits = &limits;
    ck_assert_int_eq(thrift_transcode(schema, "Every", THRIFT_BINARY, input, THRIFT_PLAIN_JSON,
                                      &options, &out, &err),
                     THRIFT_OK);
    limits.max_string_size = 1;
    out.size = 0;
    ck_assert_int_eq(thrift_transcode(schema, "Every", THRIFT_BINARY, input, THRIFT_PLAIN_JSON,
                                      &options, &out, &err),
                     THRIFT_E_LIMIT);
    ck_assert_uint_eq(out.size, 0);
    thrift_buffer_deinit(&out);
    vector_free(input);
    thrift_schema_unref(schema);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_loop_test(tests, generated_values_come_back_by_every_way, 0, 150);
    tcase_add_test(tests, limits_hold);
    tcase_add_loop_test(tests, from_each_to_each, 0, COUNT_OF(vectors));
    tcase_add_loop_test(tests, through_every_protocol_and_back, 0, COUNT_OF(vectors));
    tcase_add_test(tests, needs_no_definition_between_tagged_protocols);
    tcase_add_test(tests, refuses);
}

SUITE_MAIN("codec/transcode")
