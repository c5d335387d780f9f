/*
 * Lists and maps of structs with lists and maps of leaves, which are read and written without
 * frames, beside the same with them: the same values and bytes, the same refusals.
 *
 * Frames are forced when reading by a limit on strings below what is moderate, when writing by an
 * unknown field that is kept. Covers decode_part.h and the containers of encode_flat.h.
 */
#include "fixture.h"

#include "allocator.h"
#include "base/buffer.h"

static const char definition[] =
    "struct Attr { 1: string name, 2: optional string value, 3: optional list<string> tags,\n"
    "              4: map<string, i64> counts, 5: optional set<i32> numbers, 6: optional i32 last "
    "}\n"
    "struct Empty { 1: optional i32 nothing }\n"
    "struct Flat { 1: string name, 2: optional i64 number, 3: optional binary bytes }\n"
    "struct Nested { 1: i32 id, 2: optional Flat first, 3: optional string name, 4: optional Flat "
    "second }\n"
    "struct Inner { 1: optional Nested one, 2: required i16 mark }\n"
    "struct Deep { 1: Nested one, 2: i32 number, 3: Empty hole, 4: Inner inner }\n"
    "struct Doc { 1: list<Attr> attrs, 2: map<string, Attr> named, 3: map<string, list<string>> "
    "index,\n"
    "             4: list<list<i64>> rows, 5: list<map<i32, binary>> tables, 6: map<i32, bool> "
    "flags,\n"
    "             7: map<double, list<bool>> truths, 8: list<Empty> holes, 9: list<Attr> more,\n"
    "             10: list<Flat> flats, 11: list<Nested> nested, 12: map<i16, Nested> places }\n";

static const thrift_protocol protocols[] = {THRIFT_BINARY, THRIFT_COMPACT};

/* A binary and a compact i32 of id 99, as the last field of a struct whose last id was 12. */
static const struct {
    uint8_t bytes[8];
    size_t size;
} unknown[] = {{{8, 0, 99, 0, 0, 0, 7, 0}, 8}, {{0x05, 0xc6, 0x01, 14, 0}, 5}};

static const char letters[] = "0123456789abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQR";

static void fill_attr(thrift_record *attr, int n)
{
    thrift_list *tags = n % 2 == 0 ? thrift_open_list(attr, "tags") : NULL;
    thrift_map *counts = thrift_open_map(attr, "counts");

    thrift_set(attr, "name", ((thrift_bytes){(const uint8_t *)letters, (size_t)n * 7 % 60}));
    if (n % 3 != 0) {
        thrift_set(attr, "value", "a value", "last", -n);
    }
    for (int i = 0; tags != NULL && i < n; i++) {
        thrift_list_add(tags, ((thrift_bytes){(const uint8_t *)letters, (size_t)i * 11 % 64}));
    }
    for (int i = 0; i < n % 4; i++) {
        thrift_map_put(counts, ((thrift_bytes){(const uint8_t *)letters + i, 3}), (int64_t)i << 40);
    }
    if (n % 5 == 0) {
        thrift_list_add(thrift_open_list(attr, "numbers"), n);
    }
}

static void fill_flat(thrift_record *flat, int n)
{
    thrift_set(flat, "name", ((thrift_bytes){(const uint8_t *)letters, (size_t)n * 5 % 64}));
    if (n % 3 != 0) {
        thrift_set(flat, "number", INT64_C(-300) * n);
    }
    if (n % 4 != 1) {
        thrift_set(flat, "bytes", ((thrift_bytes){(const uint8_t *)letters, (size_t)n * 11 % 64}));
    }
}

static void fill_nested(thrift_record *nested, int n)
{
    thrift_set(nested, "id", n);
    if (n % 5 != 2) {
        fill_flat(thrift_open_record(nested, "first"), n);
        thrift_set(nested, "name", ((thrift_bytes){(const uint8_t *)letters, (size_t)n * 3 % 40}));
    }
    if (n % 2 != 0) {
        fill_flat(thrift_open_record(nested, "second"), n + 1);
    }
}

static void fill_rest(thrift_record *doc, int n)
{
    thrift_map *table = thrift_list_add_map(thrift_open_list(doc, "tables"));
    thrift_list *row = thrift_list_add_list(thrift_open_list(doc, "rows"));
    thrift_list *words =
        thrift_map_put_list(thrift_open_map(doc, "index"), THRIFT_VALUE(n % 2 ? "odd" : "even"));

    thrift_map_put(table, n, "bytes");
    for (int i = 0; i < n; i++) {
        thrift_list_add(row, (int64_t)i * n);
        thrift_list_add(words, "word");
    }
    thrift_map_put(thrift_open_map(doc, "flags"), n, n % 2 == 0);
    thrift_list_add(thrift_map_put_list(thrift_open_map(doc, "truths"), THRIFT_VALUE(n / 2.0)),
                    n % 2 == 0);
    thrift_list_add_record(thrift_open_list(doc, "holes"));
    for (int i = 0; i < 3; i++) {
        fill_flat(thrift_list_add_record(thrift_open_list(doc, "flats")), 3 * n + i);
        fill_nested(thrift_list_add_record(thrift_open_list(doc, "nested")), 3 * n + i);
    }
    fill_nested(thrift_map_put_record(thrift_open_map(doc, "places"), THRIFT_VALUE((int16_t)n)), n);
}

static thrift_record *make(const thrift_schema *schema, int most)
{
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_record *doc = thrift_record_new(schema, "Doc", &err);
    thrift_list *attrs = thrift_open_list(doc, "attrs"), *more = thrift_open_list(doc, "more");
    thrift_map *named = thrift_open_map(doc, "named");

    for (int n = 0; n < most; n++) {
        fill_attr(thrift_list_add_record(attrs), n);
        fill_attr(thrift_map_put_record(named, THRIFT_VALUE(n % 2 ? "one" : "other")), n);
        fill_attr(thrift_list_add_record(more), most - n);
        fill_rest(doc, n);
    }
    ck_assert_msg(thrift_check(doc, &err) == THRIFT_OK, "%s: %s", err.source, err.message);
    return doc;
}

static thrift_buffer encoded(const thrift_record *record, thrift_protocol protocol)
{
    thrift_buffer out = THRIFT_BUFFER_INIT;

    ck_assert_int_eq(thrift_encode(record, protocol, NULL, &out, NULL), THRIFT_OK);
    return out;
}

/* Nothing is read behind the bytes: they end where their block ends. */
static thrift_record *decoded(const thrift_schema *schema, const char *type,
                              thrift_protocol protocol, const uint8_t *data, size_t size,
                              uint32_t depth, bool frames, thrift_error *err)
{
    thrift_limits limits = {.struct_size = sizeof limits, .max_depth = depth};
    thrift_codec_options options = {.struct_size = sizeof options, .limits = &limits};
    uint8_t *exact = malloc(size > 0 ? size : 1);
    thrift_record *record;

    ck_assert_ptr_nonnull(exact);
    memcpy(exact, data, size);
    if (frames) {
        limits.max_string_size = 511;
    }
    record = thrift_decode(schema, type, protocol, (thrift_bytes){exact, size}, &options, err);
    free(exact);
    return record;
}

static void agree(const thrift_schema *schema, const char *type, thrift_protocol protocol,
                  const uint8_t *data, size_t size, uint32_t depth)
{
    thrift_error err = THRIFT_ERROR_INIT, why = THRIFT_ERROR_INIT;
    thrift_record *one = decoded(schema, type, protocol, data, size, depth, false, &err);
    thrift_record *other = decoded(schema, type, protocol, data, size, depth, true, &why);

    if (other == NULL && why.code == THRIFT_E_LIMIT && depth == 0) { /* a size became too large */
        thrift_record_free(one);
        return;
    }
    ck_assert_msg((one == NULL) == (other == NULL), "%s: %s, but %s: %s", err.source, err.message,
                  why.source, why.message);
    if (one == NULL) {
        ck_assert_str_eq(err.message, why.message);
        ck_assert_str_eq(err.source, why.source);
        ck_assert_uint_eq(err.offset, why.offset);
        return;
    }
    ck_assert(thrift_record_equal(one, other));
    thrift_record_free(one);
    thrift_record_free(other);
}

/* With a field that is unknown and kept, behind the others, all is written by frames. */
static void write_alike(const thrift_schema *schema, const thrift_record *record, const char *type,
                        size_t i)
{
    const thrift_codec_options *keep = THRIFT_CODEC_OPTIONS(.unknown = THRIFT_UNKNOWN_KEEP);
    thrift_buffer bytes = encoded(record, protocols[i]), again;
    thrift_record *read;

    agree(schema, type, protocols[i], bytes.data, bytes.size, 0);
    bytes.size -= 1; /* the stop; the unknown field brings its own */
    ck_assert(buffer_append(&bytes, unknown[i].bytes, unknown[i].size));
    read = thrift_decode(schema, type, protocols[i], (thrift_bytes){bytes.data, bytes.size}, keep,
                         NULL);
    ck_assert_ptr_nonnull(read);
    again = encoded(read, protocols[i]);
    ck_assert_uint_eq(again.size, bytes.size);
    ck_assert_mem_eq(again.data, bytes.data, bytes.size);
    thrift_buffer_deinit(&again);
    thrift_buffer_deinit(&bytes);
    thrift_record_free(read);
}

START_TEST(written_and_read_alike)
{
    thrift_schema *schema = schema_of(definition);

    for (int most = 0; most < 9; most++) {
        thrift_record *doc = make(schema, most);

        write_alike(schema, doc, "Doc", (size_t)_i);
        thrift_record_free(doc);
    }
    thrift_schema_unref(schema);
}
END_TEST

/* Every prefix, and every byte changed in several ways: other ids, types, counts, sizes. */
static void refuse(const thrift_schema *schema, const thrift_record *record, const char *type,
                   thrift_protocol protocol)
{
    static const uint8_t changes[] = {0x01, 0x02, 0x0f, 0x10, 0x80, 0xff};
    thrift_buffer bytes = encoded(record, protocol);

    for (size_t at = 0; at < bytes.size; at++) {
        agree(schema, type, protocol, bytes.data, at, 0);
        for (size_t i = 0; i < COUNT_OF(changes); i++) {
            bytes.data[at] ^= changes[i];
            agree(schema, type, protocol, bytes.data, bytes.size, 0);
            bytes.data[at] ^= changes[i];
        }
    }
    for (uint32_t depth = 1; depth < 12; depth++) {
        agree(schema, type, protocol, bytes.data, bytes.size, depth);
    }
    thrift_buffer_deinit(&bytes);
}

START_TEST(refused_alike)
{
    thrift_schema *schema = schema_of(definition);
    thrift_record *doc = make(schema, 4);

    refuse(schema, doc, "Doc", protocols[_i]);
    thrift_record_free(doc);
    thrift_schema_unref(schema);
}
END_TEST

/* Structs inside each other, on their own. */
START_TEST(nested_structs_are_refused_alike)
{
    thrift_schema *schema = schema_of(definition);

    for (int n = 0; n < 14; n++) {
        thrift_record *deep = thrift_record_new(schema, "Deep", NULL);

        fill_nested(thrift_open_record(deep, "one"), n);
        thrift_set(deep, "number", n, "inner.mark", (int16_t)n);
        thrift_open_record(deep, "hole");
        fill_nested(thrift_open_record(thrift_open_record(deep, "inner"), "one"), n + 1);
        write_alike(schema, deep, "Deep", (size_t)_i);
        write_alike(schema, thrift_get_record(deep, "one"), "Nested", (size_t)_i);
        refuse(schema, deep, "Deep", protocols[_i]);
        refuse(schema, thrift_get_record(deep, "one"), "Nested", protocols[_i]);
        thrift_record_free(deep);
    }
    thrift_schema_unref(schema);
}
END_TEST

/* What is longer than moderate, or needs room that is not there yet, goes on by frames. */
START_TEST(long_strings_and_small_buffers)
{
    thrift_schema *schema = schema_of(definition);
    thrift_record *doc = make(schema, 5);
    uint8_t text[2000];
    thrift_buffer bytes;
    thrift_record *read;

    memset(text, 'x', sizeof text);
    for (size_t size = 40; size <= sizeof text; size += 157) {
        thrift_bytes string = {text, size};

        ck_assert_int_eq(thrift_set(doc, "attrs[2].name", string, "attrs[2].tags[1]", string,
                                    "named{\"one\"}.value", string, "index{\"odd\"}[1]", string),
                         THRIFT_OK);
        bytes = encoded(doc, protocols[_i]);
        read = thrift_decode(schema, "Doc", protocols[_i], (thrift_bytes){bytes.data, bytes.size},
                             NULL, NULL);
        ck_assert_ptr_nonnull(read);
        ck_assert(thrift_record_equal(doc, read));
        thrift_buffer_deinit(&bytes);
        thrift_record_free(read);
    }
    thrift_record_free(doc);
    thrift_schema_unref(schema);
}
END_TEST

/* Words behind a text, read into a record that has little memory yet. */
static void read_words(const thrift_schema *schema, thrift_protocol protocol, thrift_bytes text,
                       int count, thrift_bytes word)
{
    thrift_record *words = thrift_record_new(schema, "Words", NULL);
    thrift_record *read = thrift_record_new(schema, "Words", NULL);
    thrift_list *list = thrift_open_list(words, "words");
    thrift_buffer out;
    thrift_bytes input;

    thrift_set(words, "text", text);
    for (int i = 0; i < count; i++) {
        thrift_list_add(list, word);
    }
    out = encoded(words, protocol);
    input = (thrift_bytes){out.data, out.size};
    ck_assert_int_eq(thrift_decode_next(read, protocol, &input, NULL, NULL), THRIFT_OK);
    ck_assert(thrift_record_equal(words, read));
    thrift_buffer_deinit(&out);
    thrift_record_free(words);
    thrift_record_free(read);
}

START_TEST(memory_ends_anywhere)
{
    static const size_t sizes[] = {1, 12, 31, 32, 33};
    thrift_schema *schema = schema_of("struct Words { 1: string text, 2: list<string> words }");

    for (size_t i = 0; i < COUNT_OF(sizes); i++) {
        for (size_t size = 0; size < 48; size += 5) {
            for (int count = 0; count < 50; count++) {
                read_words(schema, protocols[_i], (thrift_bytes){(const uint8_t *)letters, size},
                           count, (thrift_bytes){(const uint8_t *)letters, sizes[i]});
            }
        }
    }
    thrift_schema_unref(schema);
}
END_TEST

START_TEST(no_memory_is_an_error)
{
    thrift_schema *schema = schema_of(definition);
    thrift_record *doc = make(schema, 6);
    thrift_status status = THRIFT_E_NOMEM;

    for (size_t k = 1; status != THRIFT_OK; k++) {
        struct failing_allocator memory = {.fail_at = k};
        thrift_buffer out = THRIFT_BUFFER_INIT;

        out.allocator = failing_allocator_of(&memory);
        status = thrift_encode(doc, protocols[_i], NULL, &out, NULL);
        ck_assert_int_eq(status, memory.count < k ? THRIFT_OK : THRIFT_E_NOMEM);
        thrift_buffer_deinit(&out);
        ck_assert_uint_eq(memory.live, 0);
    }
    thrift_record_free(doc);
    thrift_schema_unref(schema);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_loop_test(tests, written_and_read_alike, 0, COUNT_OF(protocols));
    tcase_add_loop_test(tests, refused_alike, 0, COUNT_OF(protocols));
    tcase_add_loop_test(tests, nested_structs_are_refused_alike, 0, COUNT_OF(protocols));
    tcase_add_loop_test(tests, long_strings_and_small_buffers, 0, COUNT_OF(protocols));
    tcase_add_loop_test(tests, memory_ends_anywhere, 0, COUNT_OF(protocols));
    tcase_add_loop_test(tests, no_memory_is_an_error, 0, COUNT_OF(protocols));
}

SUITE_MAIN("codec/decode_part")
