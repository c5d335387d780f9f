/*
 * Members for what has no C struct of its own: records, lists and maps, and fields that C does not
 * have. Records, which hold all of it, are what is compared with.
 *
 * Covers also: codec/native_dynamic.c, codec/native_unknown.c, codec/decode_slot.c.
 */
#include "native/table.h"

#include <stdlib.h>

#include "allocator.h"
#include "base/buffer.h"
#include "suite.h"

static const char idl[] =
    "struct Point { 1: required i32 x, 2: i32 y = 7 }\n"
    "struct Other { 1: required i32 x }\n"
    "struct Wide {\n"
    "  0: bool on, 1: required i32 id, 2: Point point, 3: list<Point> points, 4: set<string> "
    "tags,\n"
    "  5: map<string, Point> places, 6: list<list<i32>> rows, 7: optional Point maybe,\n"
    "  8: map<i32, list<string>> index, 9: list<Point> loose, 10: bool off, 11: double real,\n"
    "  300: string far, -7: i64 below\n"
    "}\n"
    "union Some { 1: Point point, 2: list<i32> numbers }\n"
    "struct Holder { 1: Wide inside, 2: list<Wide> many, 3: map<i32, Wide> by, 4: i32 behind }\n"
    "struct Chain { 1: i32 value, 2: optional Chain next }\n"
    "struct Tree { 1: list<Tree> nodes }\n";

static const char newer_idl[] = "struct Point { 1: required i32 x, 2: i32 y = 7, 3: i32 z }\n"
                                "struct Wide { 1: required i32 id, 2: Point point,\n"
                                "  3: list<Point> points, 5: map<string, Point> places }\n";

static const thrift_protocol protocols[] = {THRIFT_BINARY, THRIFT_COMPACT, THRIFT_TJSON,
                                            THRIFT_PLAIN_JSON};

/* What is not set is not written, so that bytes can be compared. */
static const thrift_codec_options as_set = {.struct_size = sizeof as_set, .no_defaults = true};

static thrift_schema *load(const char *text, const thrift_allocator *allocator)
{
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_schema *schema =
        thrift_load_text("wide.thrift", text, THRIFT_LOAD_OPTIONS(.allocator = allocator), &err);

    ck_assert_msg(schema != NULL || err.code == THRIFT_E_NOMEM, "%s", err.message);
    return schema;
}

static thrift_record *make_point(thrift_record *point, int x, int y)
{
    thrift_set(point, "x", x, "y", y);
    return point;
}

static void fill_wide(thrift_record *record)
{
    thrift_list *points = thrift_open_list(record, "points");
    thrift_list *rows = thrift_open_list(record, "rows"), *row = thrift_list_add_list(rows);

    thrift_set(record, "on", true, "id", 5, "off", false, "real", -0.5, "far", "far away", "below",
               INT64_MIN);
    make_point(thrift_open_record(record, "point"), 1, 2);
    make_point(thrift_list_add_record(points), 3, 4);
    make_point(thrift_list_add_record(points), 5, 6);
    make_point(thrift_list_add_record(thrift_open_list(record, "loose")), -1, -2);
    thrift_list_add(thrift_open_list(record, "tags"), "a tag");
    make_point(thrift_map_put_record(thrift_open_map(record, "places"), THRIFT_VALUE("home")), 7,
               8);
    thrift_list_add(row, 9);
    (void)thrift_list_add_list(rows);
    thrift_list_add(thrift_map_put_list(thrift_open_map(record, "index"), THRIFT_VALUE(10)),
                    "eleven");
}

static thrift_buffer encode_record(const thrift_record *record, thrift_protocol protocol)
{
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_buffer bytes = THRIFT_BUFFER_INIT;

    ck_assert_msg(thrift_encode(record, protocol, &as_set, &bytes, &err) == THRIFT_OK, "%s: %s",
                  err.source, err.message);
    return bytes;
}

static thrift_buffer wide_bytes(const thrift_schema *schema, thrift_protocol protocol)
{
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_record *record = thrift_record_new(schema, "Wide", &err);
    thrift_buffer bytes;

    fill_wide(record);
    bytes = encode_record(record, protocol);
    thrift_record_free(record);
    return bytes;
}

/* ---- records, lists and maps ---- */

struct indexed {
    int32_t key;
    thrift_list *value;
};
THRIFT_NATIVE(indexed_native, struct indexed, "entry of index", key, value);

struct wide {
    bool on, off;
    int32_t id;
    const thrift_record *point;
    thrift_list *points;
    const thrift_list *tags;
    thrift_map *places;
    thrift_list **rows;
    size_t row_count;
    thrift_record *maybe;
    struct indexed *index;
    size_t index_count;
    thrift_record **loose;
    size_t loose_count;
    double real;
    const char *far;
    int64_t below;
};
THRIFT_NATIVE_TABLE(
    wide_native, struct wide, "Wide", THRIFT_MEMBER(struct wide, on),
    THRIFT_MEMBER(struct wide, off), THRIFT_MEMBER(struct wide, id),
    THRIFT_MEMBER(struct wide, point), THRIFT_MEMBER(struct wide, points),
    THRIFT_MEMBER(struct wide, tags), THRIFT_MEMBER(struct wide, places),
    THRIFT_LIST_MEMBER(struct wide, rows, row_count), THRIFT_MEMBER(struct wide, maybe),
    THRIFT_STRUCTS_MEMBER(struct wide, index, index_count, struct indexed, &indexed_native),
    THRIFT_LIST_MEMBER(struct wide, loose, loose_count), THRIFT_MEMBER(struct wide, real),
    THRIFT_MEMBER(struct wide, far), THRIFT_MEMBER(struct wide, below));

struct fixture {
    thrift_schema *schema;
    thrift_native_codec *codec;
    thrift_record *memory;
};

static struct fixture set_up(const thrift_native_struct *table, const thrift_codec_options *options)
{
    thrift_error err = THRIFT_ERROR_INIT;
    struct fixture fixture = {.schema = load(idl, NULL)};

    fixture.codec = thrift_native_codec_new(fixture.schema, table, options, &err);
    fixture.memory = thrift_record_new(fixture.schema, table->idl_name, &err);
    ck_assert_msg(fixture.codec != NULL && fixture.memory != NULL, "%s", err.message);
    return fixture;
}

static void tear_down(struct fixture *fixture)
{
    thrift_record_free(fixture->memory);
    thrift_native_codec_free(fixture->codec);
    thrift_schema_unref(fixture->schema);
}

static void decode(const struct fixture *fixture, thrift_protocol protocol,
                   const thrift_buffer *bytes, void *out)
{
    thrift_error err = THRIFT_ERROR_INIT;

    ck_assert_msg(thrift_native_decode(fixture->codec, out, fixture->memory, protocol,
                                       buffer_bytes(bytes), &err) == THRIFT_OK,
                  "%s: %s", err.source, err.message);
}

static void check_encoded(const struct fixture *fixture, const void *value,
                          thrift_protocol protocol, const thrift_buffer *expected)
{
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_buffer bytes = THRIFT_BUFFER_INIT;

    ck_assert_msg(thrift_native_encode(fixture->codec, value, protocol, &bytes, &err) == THRIFT_OK,
                  "%s: %s", err.source, err.message);
    ck_assert_uint_eq(bytes.size, expected->size);
    ck_assert_mem_eq(bytes.data, expected->data, bytes.size);
    thrift_buffer_deinit(&bytes);
}

START_TEST(dynamic_members)
{
    /* Views are for records: here the input may go at once. */
    static const thrift_codec_options views = {
        .struct_size = sizeof views, .no_defaults = true, .strings = THRIFT_DECODE_VIEWS};
    struct fixture fixture = set_up(&wide_native, &views);
    thrift_buffer bytes = wide_bytes(fixture.schema, protocols[_i]);
    struct wide got;

    decode(&fixture, protocols[_i], &bytes, &got);
    memset(bytes.data, 0, bytes.size);
    thrift_buffer_deinit(&bytes);
    bytes = wide_bytes(fixture.schema, protocols[_i]);
    ck_assert_int_eq(thrift_get_i32(got.point, "y"), 2);
    ck_assert_int_eq(thrift_get_i32(thrift_list_record(got.points, 1), "x"), 5);
    ck_assert_uint_eq(thrift_list_count(got.tags), 1);
    ck_assert_int_eq(
        thrift_get_i32(thrift_as_record(thrift_map_find(got.places, THRIFT_VALUE("home"))), "y"),
        8);
    ck_assert_uint_eq(got.row_count, 2);
    ck_assert_uint_eq(thrift_list_count(got.rows[1]), 0);
    ck_assert_uint_eq(got.index_count, 1);
    ck_assert_uint_eq(thrift_list_count(got.index[0].value), 1);
    ck_assert_int_eq(thrift_get_i32(got.loose[0], "x"), -1);
    ck_assert(got.maybe == NULL && !got.off && got.on);
    check_encoded(&fixture, &got, protocols[_i], &bytes);
    thrift_buffer_deinit(&bytes);
    tear_down(&fixture);
}
END_TEST

/* What is wrong with the bytes is what is wrong with them for a record: status, path and offset. */
static void compare(const struct fixture *fixture, thrift_protocol protocol, const uint8_t *data,
                    size_t size)
{
    thrift_error err = THRIFT_ERROR_INIT, why = THRIFT_ERROR_INIT;
    uint8_t *block = malloc(size + 1);
    const thrift_bytes input = {block + 1, size};
    struct wide value;
    thrift_record *record;
    thrift_status status;

    memcpy(block + 1, data, size);
    record = thrift_decode(fixture->schema, "Wide", protocol, input, NULL, &err);
    status = thrift_native_decode(fixture->codec, &value, fixture->memory, protocol, input, &why);
    ck_assert_msg((record != NULL) == (status == THRIFT_OK), "%s | %s", err.message, why.message);
    /* Where the input ends too early, records may see it sooner. */
    ck_assert_msg(err.code == status &&
                      (record != NULL || status == THRIFT_E_TRUNCATED || err.offset == why.offset),
                  "%zu bytes: %s: %s at %zu | %s: %s at %zu", size, err.source, err.message,
                  err.offset, why.source, why.message, why.offset);
    thrift_record_free(record);
    thrift_record_reset(fixture->memory);
    free(block);
}

START_TEST(broken_as_records)
{
    struct fixture fixture = set_up(&wide_native, NULL);
    thrift_buffer bytes = wide_bytes(fixture.schema, protocols[_i]);
    static const uint8_t masks[] = {0x01, 0x80, 0xff};

    for (size_t at = 0; at < bytes.size; at++) {
        compare(&fixture, protocols[_i], bytes.data, at);
        for (size_t m = 0; m < COUNT_OF(masks); m++) {
            bytes.data[at] ^= masks[m];
            compare(&fixture, protocols[_i], bytes.data, bytes.size);
            bytes.data[at] ^= masks[m];
        }
    }
    thrift_buffer_deinit(&bytes);
    tear_down(&fixture);
}
END_TEST

#define REQUIRED_1 "required field 1 is missing"

static const struct {
    thrift_protocol protocol;
    const char *bytes;
    size_t size, offset;
    const char *path, *message;
} paths[] = {
    {THRIFT_BINARY, "\x08\0\1\0\0\0\1\x0c\0\2\x08\0\2\0\0\0\1\0\0", 19, 18, "point.x", REQUIRED_1},
    {THRIFT_COMPACT, "\x15\2\x1c\x25\2\0\0", 7, 6, "point.x", REQUIRED_1},
    {THRIFT_BINARY, "\x08\0\1\0\0\0\1\x0f\0\3\x0c\0\0\0\2\x08\0\1\0\0\0\1\x08\0\2\0\0\0\1\0\0\0",
     32, 31, "points[1].x", REQUIRED_1},
    {THRIFT_COMPACT, "\x15\2\x29\x2c\x15\2\x15\2\0\0\0", 11, 10, "points[1].x", REQUIRED_1},
    {THRIFT_COMPACT, "\x15\2\x89\x2c\x15\2\x15\2\0\0\0", 11, 10, "loose[1].x", REQUIRED_1},
    {THRIFT_COMPACT,
     "\x15\2\x4b\2\x8c\1a\x15\2\x15\2\x15\2\0\1"
     "b\0\0",
     18, 17, "places{\"b\"}.x", REQUIRED_1},
};

START_TEST(paths_of_faults)
{
    struct fixture fixture = set_up(&wide_native, NULL);
    const thrift_bytes input = {(const uint8_t *)paths[_i].bytes, paths[_i].size};
    thrift_error err = THRIFT_ERROR_INIT;
    struct wide value;

    ck_assert_int_eq(thrift_native_decode(fixture.codec, &value, fixture.memory, paths[_i].protocol,
                                          input, &err),
                     THRIFT_E_REQUIRED);
    ck_assert_str_eq(err.source, paths[_i].path);
    ck_assert_str_eq(err.message, paths[_i].message);
    ck_assert_uint_eq(err.offset, paths[_i].offset);
    tear_down(&fixture);
}
END_TEST

/* ---- values that a program makes ---- */

/* A list that came through a root of its own. */
static thrift_record *holder(const thrift_schema *schema)
{
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_record *record = thrift_record_new(schema, "Wide", &err);

    fill_wide(record);
    return record;
}

static const struct {
    const char *message, *path;
    thrift_status status;
} unwritable[] = {
    {"Other does not fit Point", "point", THRIFT_E_TYPE},
    {"list<list<i32>> does not fit list<Point>", "points", THRIFT_E_TYPE},
    {"Point has no field \"z\"", "maybe", THRIFT_E_NAME},
};

START_TEST(unwritable_values)
{
    struct fixture fixture = set_up(&wide_native, &as_set);
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_record *other = thrift_record_new(fixture.schema, "Other", &err);
    thrift_record *mistaken = thrift_record_new(fixture.schema, "Point", &err);
    thrift_record *own = holder(fixture.schema);
    thrift_buffer bytes = THRIFT_BUFFER_INIT;
    struct wide value = {.id = 1};

    thrift_set(other, "x", 1);
    thrift_set(mistaken, "z", 1);
    value.point = _i == 0 ? other : NULL;
    value.points = _i == 1 ? thrift_open_list(own, "rows") : NULL;
    value.maybe = _i == 2 ? mistaken : NULL;
    ck_assert_int_eq(thrift_native_encode(fixture.codec, &value, THRIFT_BINARY, &bytes, &err),
                     unwritable[_i].status);
    ck_assert_msg(strstr(err.message, unwritable[_i].message) != NULL, "%s", err.message);
    ck_assert_msg(strncmp(err.source, unwritable[_i].path, strlen(unwritable[_i].path)) == 0, "%s",
                  err.source);
    ck_assert_uint_eq(bytes.size, 0);
    thrift_buffer_deinit(&bytes);
    thrift_record_free(other);
    thrift_record_free(mistaken);
    thrift_record_free(own);
    tear_down(&fixture);
}
END_TEST

/* Made under another definition, as after a reload: matched by name, never read by old offsets. */
START_TEST(values_of_another_definition)
{
    struct fixture fixture = set_up(&wide_native, &as_set);
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_schema *newer = load(newer_idl, NULL);
    thrift_record *record = thrift_record_new(newer, "Wide", &err);
    thrift_record *same = thrift_record_new(fixture.schema, "Wide", &err);
    thrift_buffer expected;
    struct wide value = {.id = 1};

    thrift_set(record, "id", 1, "point.x", 1, "point.z", 3);
    thrift_set(same, "id", 1, "point.x", 1, "on", false, "off", false, "real", 0.0, "below", 0);
    make_point(thrift_list_add_record(thrift_open_list(record, "points")), 3, 4);
    make_point(thrift_list_add_record(thrift_open_list(same, "points")), 3, 4);
    (void)thrift_open_map(record, "places");
    (void)thrift_open_map(same, "places");
    value.point = thrift_get_record(record, "point");
    value.points = thrift_open_list(record, "points");
    value.places = thrift_open_map(record, "places");
    expected = encode_record(same, protocols[_i]);
    check_encoded(&fixture, &value, protocols[_i], &expected);
    thrift_buffer_deinit(&expected);
    thrift_record_free(record);
    thrift_record_free(same);
    thrift_schema_unref(newer);
    tear_down(&fixture);
}
END_TEST

/* An item that is not there is an empty one, as with pointers to C structs. */
START_TEST(empty_values)
{
    struct fixture fixture = set_up(&wide_native, &as_set);
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_record *memory = thrift_record_new(fixture.schema, "Wide", &err), *loose[] = {NULL};
    thrift_list *rows[] = {NULL};
    struct wide value = {.id = 1, .rows = rows, .row_count = 1, .loose = loose, .loose_count = 1};
    thrift_buffer bytes = THRIFT_BUFFER_INIT;

    ck_assert_int_eq(thrift_native_encode(fixture.codec, &value, THRIFT_COMPACT, &bytes, &err),
                     THRIFT_OK);
    ck_assert_uint_eq(bytes.size, 23);
    ck_assert_mem_eq(bytes.data + 6, "\x59\x19\5\x39\x1c\0\x12\x17", 8);
    thrift_buffer_deinit(&bytes);
    thrift_record_free(memory);
    tear_down(&fixture);
}
END_TEST

/* A record in a union, and what is absent from a struct with defaults. */
struct some {
    int16_t which;
    union {
        thrift_record *point;
        thrift_list *numbers;
    } as;
};
THRIFT_NATIVE_TABLE(some_native, struct some, "Some", THRIFT_TAG(struct some, which),
                    THRIFT_MEMBER(struct some, as.point, THRIFT_AS("point")),
                    THRIFT_MEMBER(struct some, as.numbers, THRIFT_AS("numbers")));

START_TEST(dynamic_in_unions)
{
    struct fixture fixture = set_up(&some_native, &as_set);
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_record *record = thrift_record_new(fixture.schema, "Some", &err);
    thrift_buffer bytes;
    struct some got;

    thrift_set(record, "point.x", 4);
    bytes = encode_record(record, protocols[_i]);
    decode(&fixture, protocols[_i], &bytes, &got);
    ck_assert_int_eq(got.which, 1);
    ck_assert_int_eq(thrift_get_i32(got.as.point, "x"), 4);
    check_encoded(&fixture, &got, protocols[_i], &bytes);
    thrift_buffer_deinit(&bytes);
    thrift_record_free(record);
    tear_down(&fixture);
}
END_TEST

/* ---- how deep ---- */

struct chain {
    int32_t value;
    thrift_record *next;
};
THRIFT_NATIVE(chain_native, struct chain, "Chain", value, next);

struct tree {
    thrift_list *nodes;
};
THRIFT_NATIVE(tree_native, struct tree, "Tree", nodes);

/* So many structs, one in the other. */
static size_t write_nested(const char *open, size_t open_size, size_t depth, uint8_t *out)
{
    uint8_t *to = out;

    for (size_t i = 1; i < depth; i++) {
        memcpy(to, open, open_size);
        to += open_size;
    }
    memset(to, 0, depth);
    return (size_t)(to + depth - out);
}

static const struct {
    const thrift_native_struct *table;
    const char *open;
    size_t open_size;
    thrift_protocol protocol;
} nests[] = {
    {&chain_native, "\x0c\0\2", 3, THRIFT_BINARY},
    {&chain_native, "\x2c", 1, THRIFT_COMPACT},
    {&tree_native, "\x0f\0\1\x0c\0\0\0\1", 8, THRIFT_BINARY},
    {&tree_native, "\x19\x1c", 2, THRIFT_COMPACT},
};

START_TEST(as_deep_as_records)
{
    struct fixture fixture = set_up(nests[_i].table, NULL);
    uint8_t bytes[2048];
    struct chain value; /* the larger of the two */

    for (size_t depth = 1; depth < 140; depth++) {
        thrift_error err = THRIFT_ERROR_INIT;
        thrift_bytes input = {bytes,
                              write_nested(nests[_i].open, nests[_i].open_size, depth, bytes)};
        thrift_record *record = thrift_decode(fixture.schema, nests[_i].table->idl_name,
                                              nests[_i].protocol, input, NULL, &err);
        thrift_status status = thrift_native_decode(fixture.codec, &value, fixture.memory,
                                                    nests[_i].protocol, input, &err);

        ck_assert_msg((record != NULL) == (status == THRIFT_OK), "%zu", depth);
        ck_assert(status == THRIFT_OK || status == THRIFT_E_LIMIT);
        thrift_record_free(record);
        thrift_record_reset(fixture.memory);
    }
    tear_down(&fixture);
}
END_TEST

/* ---- unknown fields ---- */

struct narrow {
    int32_t id;
    thrift_unknown_fields rest;
    double real;
};
THRIFT_NATIVE(narrow_native, struct narrow, "Wide", id, rest, real);

struct named {
    int32_t key;
    struct narrow value;
};
THRIFT_NATIVE_TABLE(named_native, struct named, "entry of by", THRIFT_MEMBER(struct named, key),
                    THRIFT_STRUCT_MEMBER(struct named, value, struct narrow, &narrow_native));

struct holder {
    struct narrow inside;
    struct narrow *many;
    size_t many_count;
    struct named *by;
    size_t by_count;
};
THRIFT_NATIVE_TABLE(holder_native, struct holder, "Holder",
                    THRIFT_STRUCT_MEMBER(struct holder, inside, struct narrow, &narrow_native),
                    THRIFT_STRUCTS_MEMBER(struct holder, many, many_count, struct narrow,
                                          &narrow_native),
                    THRIFT_STRUCTS_MEMBER(struct holder, by, by_count, struct named,
                                          &named_native));

/* Read in one protocol, written in another: what a record with all fields would write. */
START_TEST(unknown_fields_are_kept)
{
    const thrift_protocol from = protocols[_i / 4], to = protocols[_i % 4];
    struct fixture fixture = set_up(&narrow_native, &as_set);
    thrift_buffer bytes = wide_bytes(fixture.schema, from);
    thrift_buffer expected = wide_bytes(fixture.schema, to);
    struct narrow got;

    decode(&fixture, from, &bytes, &got);
    ck_assert_int_eq(got.id, 5);
    ck_assert_uint_eq(got.rest.count, 11);
    check_encoded(&fixture, &got, to, &expected);
    thrift_buffer_deinit(&bytes);
    thrift_buffer_deinit(&expected);
    tear_down(&fixture);
}
END_TEST

/* Inline, in arrays and entries, some with such fields and some without. */
START_TEST(unknown_fields_in_parts)
{
    struct fixture fixture = set_up(&holder_native, &as_set);
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_record *record = thrift_record_new(fixture.schema, "Holder", &err);
    thrift_list *many = thrift_open_list(record, "many");
    thrift_map *by = thrift_open_map(record, "by");
    thrift_buffer bytes;
    struct holder got;

    fill_wide(thrift_open_record(record, "inside"));
    thrift_set(thrift_list_add_record(many), "id", 1, "real", 0.0);
    fill_wide(thrift_list_add_record(many));
    fill_wide(thrift_map_put_record(by, THRIFT_VALUE(3)));
    thrift_set(thrift_map_put_record(by, THRIFT_VALUE(4)), "id", 2, "real", 1.0);
    bytes = encode_record(record, protocols[_i]);
    decode(&fixture, protocols[_i], &bytes, &got);
    ck_assert_uint_eq(got.many[0].rest.count, 0);
    ck_assert_uint_eq(got.by[0].value.rest.count, 11);
    check_encoded(&fixture, &got, protocols[_i], &bytes);
    thrift_buffer_deinit(&bytes);
    thrift_record_free(record);
    tear_down(&fixture);
}
END_TEST

/* Fields that not even the definition has: at the begin, in between, at the end, twice; bools,
 * which have no bytes of their own in compact. */
#define REAL "\0\0\0\0\0\0\0\0"

static const struct {
    thrift_protocol protocol;
    const char *bytes;
    size_t size, kept;
} strangers[] = {
    {THRIFT_BINARY, "\x08\0\1\0\0\0\1\4\0\x0b" REAL "\2\0\x63\1\0", 23, 1},
    {THRIFT_COMPACT, "\x15\2\xa7" REAL "\x01\xc8\1\x12\0", 16, 2},
    {THRIFT_COMPACT, "\x02\x13\xb5\2\x91\x17" REAL "\0", 15, 2},
    {THRIFT_COMPACT, "\x15\2\xa7" REAL "\x05\xc8\1\2\x05\xc8\1\4\0", 20, 2},
};

START_TEST(unknown_to_the_definition)
{
    struct fixture fixture = set_up(&narrow_native, &as_set);
    thrift_buffer bytes = THRIFT_BUFFER_INIT;
    struct narrow got;

    ck_assert(buffer_append(&bytes, strangers[_i].bytes, strangers[_i].size));
    decode(&fixture, strangers[_i].protocol, &bytes, &got);
    ck_assert_int_eq(got.id, 1);
    ck_assert_uint_eq(got.rest.count, strangers[_i].kept);
    check_encoded(&fixture, &got, strangers[_i].protocol, &bytes);
    thrift_buffer_deinit(&bytes);
    tear_down(&fixture);
}
END_TEST

/* More than the first room holds, each as it was. */
START_TEST(many_unknown_fields)
{
    struct fixture fixture = set_up(&narrow_native, &as_set);
    thrift_buffer bytes = THRIFT_BUFFER_INIT;
    struct narrow got;

    ck_assert(buffer_append(&bytes, "\x08\0\1\0\0\0\1\4\0\x0b\0\0\0\0\0\0\0\0", 18));
    for (uint8_t i = 20; i < 120; i++) {
        const uint8_t field[] = {0x08, 0, i, 0, 0, 0, i};

        ck_assert(buffer_append(&bytes, field, sizeof field));
    }
    ck_assert(buffer_append(&bytes, "", 1));
    decode(&fixture, THRIFT_BINARY, &bytes, &got);
    ck_assert_uint_eq(got.rest.count, 100);
    check_encoded(&fixture, &got, THRIFT_BINARY, &bytes);
    thrift_buffer_deinit(&bytes);
    tear_down(&fixture);
}
END_TEST

/* REFUSE is about the definition, not about C. */
START_TEST(refused_all_the_same)
{
    static const thrift_codec_options refusing = {
        .struct_size = sizeof refusing, .unknown = THRIFT_UNKNOWN_REFUSE, .no_defaults = true};
    struct fixture fixture = set_up(&narrow_native, &refusing);
    const thrift_bytes stranger = {(const uint8_t *)"\x15\2\xa7\0\0\0\0\0\0\0\0\x02\xc8\1\0", 15};
    thrift_buffer bytes = wide_bytes(fixture.schema, THRIFT_COMPACT);
    thrift_error err = THRIFT_ERROR_INIT;
    struct narrow got;

    decode(&fixture, THRIFT_COMPACT, &bytes, &got);
    check_encoded(&fixture, &got, THRIFT_COMPACT, &bytes);
    ck_assert_int_eq(
        thrift_native_decode(fixture.codec, &got, fixture.memory, THRIFT_COMPACT, stranger, &err),
        THRIFT_E_NAME);
    thrift_buffer_deinit(&bytes);
    tear_down(&fixture);
}
END_TEST

/* A program that kept a field and has a member for it by now writes it once. */
START_TEST(known_by_now)
{
    struct fixture fixture = set_up(&wide_native, &as_set), narrow = set_up(&narrow_native, NULL);
    thrift_buffer bytes = wide_bytes(fixture.schema, THRIFT_BINARY);
    struct later {
        int32_t id;
        thrift_unknown_fields rest;
        double real;
        const char *far;
        bool on;
    };
    THRIFT_NATIVE(later_native, struct later, "Wide", id, rest, real, far, on);
    struct fixture later = set_up(&later_native, &as_set);
    struct narrow got;
    struct later now = {.far = "far away", .on = true};

    decode(&narrow, THRIFT_BINARY, &bytes, &got);
    now.id = got.id;
    now.rest = got.rest;
    now.real = got.real;
    check_encoded(&later, &now, THRIFT_BINARY, &bytes);
    thrift_buffer_deinit(&bytes);
    tear_down(&fixture);
    tear_down(&narrow);
    tear_down(&later);
}
END_TEST

/* ---- memory ---- */

static thrift_status convert(const thrift_schema *schema, const thrift_native_codec *codec,
                             thrift_record *root, const thrift_allocator *allocator, size_t of,
                             thrift_error *err)
{
    thrift_buffer bytes = wide_bytes(schema, protocols[of]), out = {.allocator = *allocator};
    struct wide wide; /* the larger of the two */
    thrift_status status =
        thrift_native_decode(codec, &wide, root, protocols[of], buffer_bytes(&bytes), err);

    for (size_t p = 0; p < COUNT_OF(protocols) && status == THRIFT_OK; p++) {
        out.size = 0;
        status = thrift_native_encode(codec, &wide, protocols[p], &out, err);
    }
    thrift_buffer_deinit(&out);
    thrift_buffer_deinit(&bytes);
    return status;
}

START_TEST(every_allocation_fails)
{
    const thrift_native_struct *table = _i < 4 ? &wide_native : &narrow_native;
    thrift_schema *plain = load(idl, NULL);

    for (size_t k = 1;; k++) {
        struct failing_allocator memory = {.fail_at = k};
        thrift_allocator allocator = failing_allocator_of(&memory);
        thrift_error err = THRIFT_ERROR_INIT;
        thrift_schema *schema = load(idl, &allocator);
        thrift_native_codec *codec = thrift_native_codec_new(schema, table, &as_set, &err);
        thrift_record *root = thrift_record_new(schema, "Wide", &err);
        thrift_status status = codec != NULL && root != NULL
                                   ? convert(plain, codec, root, &allocator, (size_t)_i % 4, &err)
                                   : THRIFT_E_NOMEM;

        ck_assert_msg(status == THRIFT_OK || status == THRIFT_E_NOMEM, "%zu: %s", k, err.message);
        thrift_record_free(root);
        thrift_native_codec_free(codec);
        thrift_schema_unref(schema);
        ck_assert_uint_eq(memory.live, 0);
        if (memory.count < k) {
            ck_assert_int_eq(status, THRIFT_OK);
            break;
        }
    }
    thrift_schema_unref(plain);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_loop_test(tests, dynamic_members, 0, COUNT_OF(protocols));
    tcase_add_loop_test(tests, broken_as_records, 0, 2);
    tcase_add_loop_test(tests, paths_of_faults, 0, COUNT_OF(paths));
    tcase_add_loop_test(tests, unwritable_values, 0, COUNT_OF(unwritable));
    tcase_add_loop_test(tests, values_of_another_definition, 0, COUNT_OF(protocols));
    tcase_add_test(tests, empty_values);
    tcase_add_loop_test(tests, dynamic_in_unions, 0, COUNT_OF(protocols));
    tcase_add_loop_test(tests, as_deep_as_records, 0, COUNT_OF(nests));
    tcase_add_loop_test(tests, unknown_fields_are_kept, 0, 12);
    tcase_add_loop_test(tests, unknown_fields_in_parts, 0, 3);
    tcase_add_loop_test(tests, unknown_to_the_definition, 0, COUNT_OF(strangers));
    tcase_add_test(tests, many_unknown_fields);
    tcase_add_test(tests, refused_all_the_same);
    tcase_add_test(tests, known_by_now);
    tcase_add_loop_test(tests, every_allocation_fails, 0, 8);
}

SUITE_MAIN("native table")
