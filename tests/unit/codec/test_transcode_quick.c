/*
 * What goes through scratch memory beside what goes token by token: the same bytes as without a
 * definition, which knows no other way. No map is empty: compact leaves out what such a one is of.
 */
#include "fixture.h"

#include "base/buffer.h"

static const char definition[] =
    "enum Color { RED = 1 }\n"
    "struct Flat { 1: string name, 2: i64 number, 3: optional binary bytes, 4: bool on, 5: Color c "
    "}\n"
    "struct Inner { 1: Flat flat, 2: list<string> words, 3: map<i32, double> table, 4: uuid id }\n"
    "struct Deep { 1: Inner inner, 2: list<Inner> inners }\n"
    "struct Doc { 1: list<Flat> flats, 2: list<Inner> inners, 3: map<string, Flat> named,\n"
    "             4: list<i16> shorts, 5: list<bool> bits, 6: map<string, i64> counts,\n"
    "             7: list<list<string>> rows, 8: list<Deep> deeps, 9: Flat flat, 10: Inner inner,\n"
    "             11: set<uuid> ids, 12: map<bool, byte> few, 13: list<double> reals }\n";

static const struct {
    thrift_protocol from, to;
} ways[] = {{THRIFT_BINARY, THRIFT_COMPACT},
            {THRIFT_COMPACT, THRIFT_BINARY},
            {THRIFT_BINARY, THRIFT_BINARY},
            {THRIFT_COMPACT, THRIFT_COMPACT}};

static uint8_t text[12000];

static thrift_bytes piece(size_t size) { return (thrift_bytes){text, size}; }

static void fill_flat(thrift_record *flat, int n)
{
    if (n % 7 != 3) {
        thrift_set(flat, "name", piece((size_t)n * 5 % 70));
    }
    if (n % 5 != 1) {
        thrift_set(flat, "number", INT64_C(-300000) * n);
    }
    if (n % 11 == 4) {
        thrift_set(flat, "bytes", piece(n % 2 ? 600 : 9000));
    }
    if (n % 3 != 0) {
        thrift_set(flat, "on", n % 2 == 0, "c", n % 4);
    }
}

static void fill_inner(thrift_record *inner, int n)
{
    thrift_list *words = thrift_open_list(inner, "words");

    if (n % 4 != 2) {
        fill_flat(thrift_open_record(inner, "flat"), n);
    }
    for (int i = 0; i < n % 6; i++) {
        thrift_list_add(words, piece((size_t)i * 9));
    }
    if (n % 3 == 0) {
        thrift_map_put(thrift_open_map(inner, "table"), n, n / 3.0);
    }
}

static void fill_numbers(thrift_record *doc, int n)
{
    thrift_list *shorts = thrift_open_list(doc, "shorts"), *bits = thrift_open_list(doc, "bits"),
                *reals = thrift_open_list(doc, "reals");
    thrift_map *counts = thrift_open_map(doc, "counts");

    for (int i = 0; i < n * 300; i++) { /* more than fit the scratch memory */
        thrift_list_add(shorts, (int16_t)(i * 7));
        thrift_list_add(bits, i % 3 == 0);
        thrift_list_add(reals, i * 0.5);
        if (i % 9 == 0) {
            char key[16];

            snprintf(key, sizeof key, "key %d", i);
            thrift_map_put(counts, (const char *)key, (int64_t)i << (i % 50));
        }
    }
}

static thrift_record *make(const thrift_schema *schema, int most)
{
    thrift_record *doc = thrift_record_new(schema, "Doc", NULL);
    thrift_list *flats = thrift_open_list(doc, "flats"), *inners = thrift_open_list(doc, "inners"),
                *deeps = thrift_open_list(doc, "deeps"), *rows = thrift_open_list(doc, "rows");

    for (int n = 0; n < most; n++) {
        char key[16];
        thrift_record *deep = thrift_list_add_record(deeps);

        snprintf(key, sizeof key, "name %d", n);
        fill_flat(thrift_list_add_record(flats), n);
        fill_inner(thrift_list_add_record(inners), n);
        fill_flat(
            thrift_map_put_record(thrift_open_map(doc, "named"), THRIFT_VALUE((const char *)key)),
            n);
        fill_inner(thrift_open_record(deep, "inner"), n + 1);
        fill_inner(thrift_list_add_record(thrift_open_list(deep, "inners")), n + 2);
        thrift_list_add(thrift_list_add_list(rows), piece((size_t)n));
        thrift_map_put(thrift_open_map(doc, "few"), n % 2 == 0, (int8_t)n);
    }
    fill_numbers(doc, most);
    fill_flat(thrift_open_record(doc, "flat"), most);
    fill_inner(thrift_open_record(doc, "inner"), most);
    return doc;
}

/* With the definition or token by token. */
static thrift_status transcoded(const thrift_schema *schema, size_t way, thrift_bytes input,
                                thrift_buffer *out)
{
    return thrift_transcode(schema, "Doc", ways[way].from, input, ways[way].to, NULL, out, NULL);
}

static void agree(const thrift_schema *schema, size_t way, thrift_bytes input)
{
    thrift_buffer quick = THRIFT_BUFFER_INIT, slow = THRIFT_BUFFER_INIT;
    uint8_t *exact = malloc(input.size > 0 ? input.size : 1);
    thrift_bytes copy = {exact, input.size};

    ck_assert_ptr_nonnull(exact);
    memcpy(exact, input.data, input.size);
    ck_assert_int_eq(transcoded(schema, way, copy, &quick), transcoded(NULL, way, copy, &slow));
    ck_assert_uint_eq(quick.size, slow.size);
    if (slow.size > 0) {
        ck_assert_mem_eq(quick.data, slow.data, slow.size);
    }
    thrift_buffer_deinit(&quick);
    thrift_buffer_deinit(&slow);
    free(exact);
}

static thrift_buffer encoded(const thrift_record *doc, thrift_protocol protocol)
{
    thrift_buffer out = THRIFT_BUFFER_INIT;

    /* what is not set is not there */
    ck_assert_int_eq(
        thrift_encode(doc, protocol, THRIFT_CODEC_OPTIONS(.no_defaults = true), &out, NULL),
        THRIFT_OK);
    return out;
}

START_TEST(the_same_bytes)
{
    size_t way = (size_t)_i;
    thrift_schema *schema = schema_of(definition);

    memset(text, 't', sizeof text);
    for (int most = 1; most < 30; most += most < 4 ? 1 : 7) {
        thrift_record *doc = make(schema, most);
        thrift_buffer bytes = encoded(doc, ways[way].from);

        agree(schema, way, (thrift_bytes){bytes.data, bytes.size});
        thrift_buffer_deinit(&bytes);
        thrift_record_free(doc);
    }
    thrift_schema_unref(schema);
}
END_TEST

/* Every prefix: both refuse, and nothing is written. */
START_TEST(prefixes)
{
    size_t way = (size_t)_i;
    thrift_schema *schema = schema_of(definition);
    thrift_record *doc = make(schema, 3);
    thrift_buffer bytes = encoded(doc, ways[way].from);

    for (size_t size = 0; size < bytes.size; size += size < 1500 ? 1 : 17) {
        agree(schema, way, (thrift_bytes){bytes.data, size});
    }
    thrift_buffer_deinit(&bytes);
    thrift_record_free(doc);
    thrift_schema_unref(schema);
}
END_TEST

/* Fields that the reader's definition lacks stand between those that it has. */
START_TEST(unknown_fields_stay)
{
    size_t way = (size_t)_i;
    thrift_schema *schema = schema_of(definition);
    thrift_schema *older =
        schema_of("struct Flat { 1: string name, 4: bool on }\n"
                  "struct Inner { 1: Flat flat, 3: map<i32, double> table }\n"
                  "struct Doc { 1: list<Flat> flats, 2: list<Inner> inners,\n"
                  "             3: map<string, Flat> named, 6: map<string, i64> counts }\n");
    thrift_record *doc = make(schema, 20);
    thrift_buffer bytes = encoded(doc, ways[way].from);

    agree(older, way, (thrift_bytes){bytes.data, bytes.size});
    thrift_buffer_deinit(&bytes);
    thrift_record_free(doc);
    thrift_schema_unref(older);
    thrift_schema_unref(schema);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_loop_test(tests, the_same_bytes, 0, COUNT_OF(ways));
    tcase_add_loop_test(tests, prefixes, 0, COUNT_OF(ways));
    tcase_add_loop_test(tests, unknown_fields_stay, 0, COUNT_OF(ways));
}

SUITE_MAIN("codec/transcode_quick")
