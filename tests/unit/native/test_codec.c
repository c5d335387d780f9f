/*
 * Native structs as bytes: equal to those of records, in every protocol, both ways.
 *
 * Covers also: codec/native_plan.c, codec/native_decode.c, codec/native_encode.c, fit.c.
 */
#include "native/table.h"

#include <stdlib.h>

#include "allocator.h"
#include "base/buffer.h"
#include "codec/codec.h"
#include "native_sample.h"
#include "suite.h"

static const thrift_protocol protocols[] = {THRIFT_BINARY, THRIFT_COMPACT, THRIFT_TJSON,
                                            THRIFT_PLAIN_JSON};

static thrift_schema *load(const thrift_allocator *allocator)
{
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_schema *schema = thrift_load_text("sample.thrift", sample_idl,
                                             THRIFT_LOAD_OPTIONS(.allocator = allocator), &err);

    ck_assert_msg(schema != NULL || err.code == THRIFT_E_NOMEM, "%s", err.message);
    return schema;
}

static thrift_bytes bytes_of(const char *text)
{
    return (thrift_bytes){(const uint8_t *)text, strlen(text)};
}

/* The same value as fill_record() makes. */
static struct every full_value(void)
{
    static char ada[] = "Ada", empty[] = "", word[] = "word", hint[] = "hint";
    static char *names[] = {ada, empty};
    static const char *where[] = {"here", "there"};
    static int32_t numbers[] = {1, -2, 300000}, row[] = {4, 5};
    static struct point points[] = {{1, 2}, {3, 4}}, behind = {8, 9};
    static int64_t bag[] = {INT64_MIN, 7};
    static struct count counts[] = {{"a", 1}, {"b", -1}};
    static struct placed places[] = {{5, {6, 7}}};
    static struct row rows[] = {{row, 2}, {row, 0}};
    static struct indexed index[] = {{word, where, 2}};
    static struct node last = {3, NULL}, first = {2, &last};
    static bool flags[] = {true, false, true};
    static double reals[] = {1.5, -0.0};

    rows[0].items = row; /* what a test changed */
    last.next = NULL;
    return (struct every){.b = true,
                          .i8 = -8,
                          .i16 = -1600,
                          .i32 = 320000,
                          .i64 = INT64_C(-6400000000),
                          .d = 0.1,
                          .color = BLUE,
                          .has_color = true,
                          .has_maybe = true,
                          .maybe = 0,
                          .level = 4,
                          .id = {{1, 2, 3}},
                          .octets = {9, 8, 7, 6},
                          .text = "text",
                          .chars = "seven77",
                          .view = bytes_of("view"),
                          .blob = {(const uint8_t *)"\0\1", 2},
                          .inside = {10, 11},
                          .behind = &behind,
                          .choice = {.which = 2, .as = {.number = -9}},
                          .numbers = {numbers, 3},
                          .names = names,
                          .name_count = 2,
                          .points = points,
                          .point_count = 2,
                          .bag = bag,
                          .bag_count = 2,
                          .counts = counts,
                          .count_count = 2,
                          .places = places,
                          .place_count = 1,
                          .rows = rows,
                          .row_count = 2,
                          .index = index,
                          .index_count = 1,
                          .hint = hint,
                          .node = &first,
                          .flags = flags,
                          .flag_count = 3,
                          .reals = reals,
                          .real_count = 2,
                          .late = true,
                          .far = 12,
                          .below = -1};
}

static void fill_lists(thrift_record *record)
{
    thrift_list *rows = thrift_open_list(record, "rows"), *row = thrift_list_add_list(rows);
    thrift_map *map;

    thrift_list_add(row, 4);
    thrift_list_add(row, 5);
    (void)thrift_list_add_list(rows);
    thrift_list_add(thrift_open_list(record, "numbers"), 1);
    thrift_list_add(thrift_open_list(record, "numbers"), -2);
    thrift_list_add(thrift_open_list(record, "numbers"), 300000);
    thrift_list_add(thrift_open_list(record, "names"), "Ada");
    thrift_list_add(thrift_open_list(record, "names"), "");
    thrift_set(thrift_list_add_record(thrift_open_list(record, "points")), "x", 1, "y", 2);
    thrift_set(thrift_list_add_record(thrift_open_list(record, "points")), "x", 3, "y", 4);
    thrift_list_add(thrift_open_list(record, "bag"), INT64_MIN);
    thrift_list_add(thrift_open_list(record, "bag"), 7);
    map = thrift_open_map(record, "counts");
    thrift_map_put(map, "a", 1);
    thrift_map_put(map, "b", -1);
    thrift_set(thrift_map_put_record(thrift_open_map(record, "places"), THRIFT_VALUE(5)), "x", 6,
               "y", 7);
    thrift_list_add(thrift_open_list(record, "flags"), true);
    thrift_list_add(thrift_open_list(record, "flags"), false);
    thrift_list_add(thrift_open_list(record, "flags"), true);
    thrift_list_add(thrift_open_list(record, "reals"), 1.5);
    thrift_list_add(thrift_open_list(record, "reals"), -0.0);
}

static thrift_record *full_record(const thrift_schema *schema)
{
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_record *record = thrift_record_new(schema, "Every", &err);

    thrift_set(record, "b", true, "i8", -8, "i16", -1600, "i32", 320000, "i64",
               INT64_C(-6400000000), "d", 0.1, "color", "BLUE", "maybe", 0, "level", 4, "text",
               "text", "chars", "seven77", "view", "view");
    thrift_set(record, "blob", ((thrift_bytes){(const uint8_t *)"\0\1", 2}), "id",
               ((thrift_uuid){{1, 2, 3}}), "octets", ((thrift_uuid){{9, 8, 7, 6}}), "inside.x", 10,
               "inside.y", 11, "behind.x", 8, "behind.y", 9, "choice.number", -9, "hint", "hint",
               "node.value", 2, "node.next.value", 3, "late", true, "far", 12, "below", -1);
    fill_lists(record);
    thrift_set(record, "index{\"word\"}", NULL);
    return record;
}

/* What both sides write, and what is left out on purpose: fields that C does not have. */
static const thrift_codec_options as_set = {.struct_size = sizeof as_set, .no_defaults = true};

START_TEST(same_bytes_as_records)
{
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_schema *schema = load(NULL);
    thrift_native_codec *codec = thrift_native_codec_new(schema, &every_native, &as_set, &err);
    struct every value = full_value();
    thrift_record *record;
    thrift_buffer native = THRIFT_BUFFER_INIT, dynamic = THRIFT_BUFFER_INIT;

    ck_assert_msg(codec != NULL, "%s", err.message);
    record = full_record(schema);
    value.index_count = 0;
    value.index = NULL;
    thrift_unset(record, "index");
    ck_assert_msg(thrift_native_encode(codec, &value, protocols[_i], &native, &err) == THRIFT_OK,
                  "%s: %s", err.source, err.message);
    ck_assert_msg(thrift_encode(record, protocols[_i], &as_set, &dynamic, &err) == THRIFT_OK,
                  "%s: %s", err.source, err.message);
    ck_assert_uint_eq(native.size, dynamic.size);
    ck_assert_mem_eq(native.data, dynamic.data, native.size);
    thrift_buffer_deinit(&native);
    thrift_buffer_deinit(&dynamic);
    thrift_record_free(record);
    thrift_native_codec_free(codec);
    thrift_schema_unref(schema);
}
END_TEST

static void check_full(const struct every *value)
{
    ck_assert(value->b && value->late && value->has_maybe && value->has_color);
    ck_assert_int_eq(value->i64, INT64_C(-6400000000));
    ck_assert_int_eq(value->color, BLUE);
    ck_assert_str_eq(value->text, "text");
    ck_assert_str_eq(value->chars, "seven77");
    ck_assert_str_eq((const char *)value->view.data, "view");
    ck_assert_uint_eq(value->blob.size, 2);
    ck_assert_int_eq(value->inside.y, 11);
    ck_assert_int_eq(value->behind->y, 9);
    ck_assert_int_eq(value->choice.which, 2);
    ck_assert_int_eq(value->choice.as.number, -9);
    ck_assert_uint_eq(value->numbers.count, 3);
    ck_assert_int_eq(value->numbers.items[2], 300000);
    ck_assert_str_eq(value->names[0], "Ada");
    ck_assert_str_eq(value->names[1], "");
    ck_assert_int_eq(value->points[1].y, 4);
    ck_assert_int_eq(value->bag[0], INT64_MIN);
    ck_assert_str_eq(value->counts[1].key, "b");
    ck_assert_int_eq(value->places[0].value.y, 7);
    ck_assert_int_eq(value->rows[0].items[1], 5);
    ck_assert_uint_eq(value->rows[1].count, 0);
    ck_assert_str_eq(value->index[0].where[1], "there");
    ck_assert_str_eq(value->hint, "hint");
    ck_assert_int_eq(value->node->next->value, 3);
    ck_assert(value->node->next->next == NULL);
    ck_assert(value->flags[2] && !value->flags[1]);
    ck_assert_int_eq(value->below, -1);
    ck_assert_int_eq(value->octets[3], 6);
}

START_TEST(round_trips)
{
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_schema *schema = load(NULL);
    thrift_native_codec *codec = thrift_native_codec_new(schema, &every_native, NULL, &err);
    thrift_record *memory = thrift_record_new(schema, "Every", &err);
    struct every value = full_value(), got;
    thrift_buffer first = THRIFT_BUFFER_INIT, second = THRIFT_BUFFER_INIT;

    ck_assert_msg(codec != NULL, "%s", err.message);
    ck_assert_int_eq(thrift_native_encode(codec, &value, protocols[_i], &first, &err), THRIFT_OK);
    ck_assert_msg(thrift_native_decode(codec, &got, memory, protocols[_i], buffer_bytes(&first),
                                       &err) == THRIFT_OK,
                  "%s: %s", err.source, err.message);
    check_full(&got);
    ck_assert_int_eq(thrift_native_encode(codec, &got, protocols[_i], &second, &err), THRIFT_OK);
    ck_assert_uint_eq(first.size, second.size);
    ck_assert_mem_eq(first.data, second.data, first.size);
    thrift_buffer_deinit(&first);
    thrift_buffer_deinit(&second);
    thrift_record_free(memory);
    thrift_native_codec_free(codec);
    thrift_schema_unref(schema);
}
END_TEST

/* Only the required field comes: defaults where the definition has some, zero elsewhere. */
START_TEST(absent_fields)
{
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_schema *schema = load(NULL);
    thrift_native_codec *codec = thrift_native_codec_new(schema, &every_native, NULL, &err);
    thrift_record *memory = thrift_record_new(schema, "Every", &err);
    thrift_record *record = thrift_record_new(schema, "Every", &err);
    thrift_buffer bytes = THRIFT_BUFFER_INIT;
    struct every got;

    thrift_set(record, "text", "t");
    ck_assert_int_eq(thrift_encode(record, protocols[_i], &as_set, &bytes, &err), THRIFT_OK);
    ck_assert_int_eq(
        thrift_native_decode(codec, &got, memory, protocols[_i], buffer_bytes(&bytes), &err),
        THRIFT_OK);
    ck_assert_int_eq(got.level, 3);
    ck_assert(got.hint == NULL && !got.has_maybe && !got.has_color && got.node == NULL);
    ck_assert(got.view.data == NULL && got.names == NULL && got.choice.which == 0);
    ck_assert_int_eq(got.inside.y, 0);
    thrift_buffer_deinit(&bytes);
    thrift_record_free(memory);
    thrift_record_free(record);
    thrift_native_codec_free(codec);
    thrift_schema_unref(schema);
}
END_TEST

/* Every prefix of the bytes fails, every byte changed does no harm. */
START_TEST(broken_bytes)
{
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_schema *schema = load(NULL);
    thrift_native_codec *codec = thrift_native_codec_new(schema, &every_native, NULL, &err);
    thrift_record *memory = thrift_record_new(schema, "Every", &err);
    struct every value = full_value(), got;
    thrift_buffer bytes = THRIFT_BUFFER_INIT;

    ck_assert_int_eq(thrift_native_encode(codec, &value, protocols[_i], &bytes, &err), THRIFT_OK);
    for (size_t size = 0; size < bytes.size; size++) {
        uint8_t *cut = malloc(size + 1); /* what is read ends where the block does */

        memcpy(cut + 1, bytes.data, size);
        ck_assert_int_ne(thrift_native_decode(codec, &got, memory, protocols[_i],
                                              (thrift_bytes){cut + 1, size}, &err),
                         THRIFT_OK);
        free(cut);
        thrift_record_reset(memory);
    }
    for (size_t at = 0; at < bytes.size; at++) {
        bytes.data[at] ^= 0xff;
        (void)thrift_native_decode(codec, &got, memory, protocols[_i], buffer_bytes(&bytes), &err);
        bytes.data[at] ^= 0xff;
        thrift_record_reset(memory);
    }
    thrift_buffer_deinit(&bytes);
    thrift_record_free(memory);
    thrift_native_codec_free(codec);
    thrift_schema_unref(schema);
}
END_TEST

/* ---- duplicates ---- */

static const struct {
    bool refuse, drop;
    thrift_status status;
    size_t items, entries;
    int32_t last;
} duplicates[] = {
    {false, false, THRIFT_OK, 3, 2, 1},
    {false, true, THRIFT_OK, 2, 1, 9},
    {true, false, THRIFT_E_CORRUPT, 0, 0, 0},
};

/* A set and a map, with an item and a key that are there twice, at the end of each. */
START_TEST(duplicates_in_containers)
{
    const thrift_codec_options options = {.struct_size = sizeof options,
                                          .refuse =
                                              duplicates[_i].refuse ? THRIFT_ACCEPT_DUPLICATES : 0,
                                          .drop_duplicates = duplicates[_i].drop};
    static int64_t bag[] = {5, 7, 5};
    static struct count counts[] = {{"a", 1}, {"a", 9}};

    for (size_t p = 0; p < 2; p++) {
        thrift_error err = THRIFT_ERROR_INIT;
        thrift_schema *schema = load(NULL);
        thrift_native_codec *codec = thrift_native_codec_new(schema, &every_native, &options, &err);
        thrift_record *memory = thrift_record_new(schema, "Every", &err);
        struct every value = full_value(), got;
        thrift_buffer bytes = THRIFT_BUFFER_INIT;

        value.bag = bag;
        value.bag_count = COUNT_OF(bag);
        value.counts = counts;
        value.count_count = COUNT_OF(counts);
        ck_assert_int_eq(thrift_native_encode(codec, &value, protocols[p], &bytes, &err),
                         THRIFT_OK);
        ck_assert_int_eq(
            thrift_native_decode(codec, &got, memory, protocols[p], buffer_bytes(&bytes), &err),
            duplicates[_i].status);
        if (duplicates[_i].status == THRIFT_OK) {
            ck_assert_uint_eq(got.bag_count, duplicates[_i].items);
            ck_assert_uint_eq(got.count_count, duplicates[_i].entries);
            ck_assert_int_eq(got.counts[0].value, duplicates[_i].last);
        }
        thrift_buffer_deinit(&bytes);
        thrift_record_free(memory);
        thrift_native_codec_free(codec);
        thrift_schema_unref(schema);
    }
}
END_TEST

/* ---- what is refused ---- */

static thrift_status encode_changed(void (*change)(struct every *value), thrift_error *err)
{
    thrift_schema *schema = load(NULL);
    thrift_native_codec *codec = thrift_native_codec_new(schema, &every_native, NULL, err);
    struct every value = full_value();
    thrift_buffer bytes = THRIFT_BUFFER_INIT;
    thrift_status status;

    change(&value);
    status = thrift_native_encode(codec, &value, THRIFT_COMPACT, &bytes, err);
    ck_assert_uint_eq(bytes.size, 0);
    thrift_buffer_deinit(&bytes);
    thrift_native_codec_free(codec);
    thrift_schema_unref(schema);
    return status;
}

static void no_text(struct every *value) { value->text = NULL; }
static void no_choice(struct every *value) { value->choice.which = 0; }
static void wrong_choice(struct every *value) { value->choice.which = 9; }
static void no_items(struct every *value) { value->rows[0].items = NULL; }
static void many_items(struct every *value) { value->name_count = SIZE_MAX; }
static void circle(struct every *value) { value->node->next->next = value->node; }

static const struct {
    void (*change)(struct every *value);
    thrift_status status;
    const char *path;
} unwritable[] = {
    {no_text, THRIFT_E_REQUIRED, "text"},       {no_choice, THRIFT_E_CORRUPT, "choice"},
    {wrong_choice, THRIFT_E_CORRUPT, "choice"}, {no_items, THRIFT_E_ARGUMENT, "rows[0]"},
    {many_items, THRIFT_E_LIMIT, "names"},      {circle, THRIFT_E_LIMIT, "next.next"},
};

START_TEST(unwritable_values)
{
    thrift_error err = THRIFT_ERROR_INIT;

    ck_assert_int_eq(encode_changed(unwritable[_i].change, &err), unwritable[_i].status);
    ck_assert_msg(strstr(err.source, unwritable[_i].path) != NULL, "%s: %s", err.source,
                  err.message);
}
END_TEST

START_TEST(too_long_for_chars)
{
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_schema *schema = load(NULL);
    thrift_native_codec *codec = thrift_native_codec_new(schema, &every_native, NULL, &err);
    thrift_record *record = full_record(schema);
    thrift_record *memory = thrift_record_new(schema, "Every", &err);
    thrift_buffer bytes = THRIFT_BUFFER_INIT;
    struct every got;

    thrift_set(record, "chars", "eight888");
    ck_assert_int_eq(thrift_encode(record, THRIFT_BINARY, &as_set, &bytes, &err), THRIFT_OK);
    ck_assert_int_eq(
        thrift_native_decode(codec, &got, memory, THRIFT_BINARY, buffer_bytes(&bytes), &err),
        THRIFT_E_RANGE);
    ck_assert_str_eq(err.source, "chars");
    ck_assert_str_eq(err.message, "8 bytes and their end fit no char[8]");
    thrift_buffer_deinit(&bytes);
    thrift_record_free(memory);
    thrift_record_free(record);
    thrift_native_codec_free(codec);
    thrift_schema_unref(schema);
}
END_TEST

/* A string of exactly N bytes without its NUL, at the end of a heap block: not a byte behind it is
 * read, which AddressSanitizer and valgrind would see. */
START_TEST(strings_end_where_they_end)
{
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_schema *schema = load(NULL);
    thrift_native_codec *codec = thrift_native_codec_new(schema, &every_native, NULL, &err);
    struct every value = full_value();
    char *text = malloc(4);
    thrift_buffer bytes = THRIFT_BUFFER_INIT;

    memcpy(text, "abc", 4);
    value.text = text;
    memcpy(value.chars, "12345678", 8);
    ck_assert_int_eq(thrift_native_encode(codec, &value, THRIFT_BINARY, &bytes, &err), THRIFT_OK);
    free(text);
    thrift_buffer_deinit(&bytes);
    thrift_native_codec_free(codec);
    thrift_schema_unref(schema);
}
END_TEST

START_TEST(every_allocation_fails)
{
    for (size_t k = 1;; k++) {
        struct failing_allocator memory = {.fail_at = k};
        thrift_allocator allocator = failing_allocator_of(&memory);
        thrift_error err = THRIFT_ERROR_INIT;
        thrift_schema *schema = load(&allocator);
        thrift_native_codec *codec = thrift_native_codec_new(schema, &every_native, NULL, &err);
        thrift_record *root = thrift_record_new(schema, "Every", &err);
        thrift_buffer bytes = {.allocator = allocator};
        struct every value = full_value(), got;
        thrift_status status = codec != NULL && root != NULL ? THRIFT_OK : THRIFT_E_NOMEM;

        for (size_t p = 0; p < COUNT_OF(protocols) && status == THRIFT_OK; p++) {
            bytes.size = 0;
            status = thrift_native_encode(codec, &value, protocols[p], &bytes, &err);
            if (status == THRIFT_OK) {
                status = thrift_native_decode(codec, &got, root, protocols[p], buffer_bytes(&bytes),
                                              &err);
            }
        }
        ck_assert_msg(status == THRIFT_OK || status == THRIFT_E_NOMEM, "%zu: %s", k, err.message);
        thrift_buffer_deinit(&bytes);
        thrift_record_free(root);
        thrift_native_codec_free(codec);
        thrift_schema_unref(schema);
        ck_assert_uint_eq(memory.live, 0);
        if (memory.count < k) {
            ck_assert_int_eq(status, THRIFT_OK);
            break;
        }
    }
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_loop_test(tests, same_bytes_as_records, 0, COUNT_OF(protocols));
    tcase_add_loop_test(tests, round_trips, 0, COUNT_OF(protocols));
    tcase_add_loop_test(tests, absent_fields, 0, COUNT_OF(protocols));
    tcase_add_loop_test(tests, broken_bytes, 0, 2);
    tcase_add_loop_test(tests, duplicates_in_containers, 0, COUNT_OF(duplicates));
    tcase_add_loop_test(tests, unwritable_values, 0, COUNT_OF(unwritable));
    tcase_add_test(tests, too_long_for_chars);
    tcase_add_test(tests, strings_end_where_they_end);
    tcase_add_test(tests, every_allocation_fails);
}

SUITE_MAIN("native codec")
