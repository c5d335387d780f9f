/*
 * Transcoding in one pass against the way by a record: the same values, the same refusals at the
 * same places; what one pass cannot do is left to the other way; memory does not grow.
 *
 * Covers also: transcode_source.c, transcode_sink.c.
 */
#include <stdio.h>

#include "allocator.h"
#include "base/buffer.h"
#include "by_record.h"

static const struct {
    const char *name, *type;
} vectors[] = {
    {"Every-full", "Every"},           {"Every-long", "Every"},  {"Every-choice", "Every"},
    {"Point-plain", "Point"},          {"Empty-empty", "Empty"}, {"Choice-text", "Choice"},
    {"Defaults-defaults", "Defaults"},
};

static const thrift_protocol sources[] = {THRIFT_BINARY, THRIFT_COMPACT, THRIFT_TJSON,
                                          THRIFT_PLAIN_JSON};
static const thrift_protocol sinks[] = {THRIFT_BINARY, THRIFT_COMPACT, THRIFT_TJSON,
                                        THRIFT_PLAIN_JSON, THRIFT_SIMPLE_JSON};
#define PAIRS (COUNT_OF(sources) * COUNT_OF(sinks))

START_TEST(vectors_by_both_ways)
{
    static const thrift_codec_options pretty = {
        .struct_size = sizeof pretty, .pretty = true, .i64_as_string = true};
    thrift_schema *schema = vector_schema();
    thrift_protocol from = sources[(size_t)_i / COUNT_OF(sinks)];
    thrift_protocol to = sinks[(size_t)_i % COUNT_OF(sinks)];

    for (size_t i = 0; i < COUNT_OF(vectors); i++) {
        thrift_bytes input = vector_in(schema, vectors[i].type, vectors[i].name, from);
        thrift_buffer one = THRIFT_BUFFER_INIT, other = THRIFT_BUFFER_INIT;
        thrift_error err = THRIFT_ERROR_INIT;

        check_both_ways(schema, vectors[i].type, from, input, to, NULL, true);
        /* Byte for byte, too, whatever the form. */
        ck_assert_int_eq(
            thrift_transcode(schema, vectors[i].type, from, input, to, &pretty, &one, &err),
            THRIFT_OK);
        ck_assert_int_eq(by_record(schema, vectors[i].type, from, input, to, &pretty, &other, &err),
                         THRIFT_OK);
        ck_assert_uint_eq(one.size, other.size);
        ck_assert_mem_eq(one.data, other.data, one.size);
        thrift_buffer_deinit(&one);
        thrift_buffer_deinit(&other);
        vector_free(input);
    }
    thrift_schema_unref(schema);
}
END_TEST

START_TEST(every_prefix_by_both_ways)
{
    thrift_schema *schema = vector_schema();
    thrift_protocol from = sources[(size_t)_i / COUNT_OF(sinks)];
    thrift_protocol to = sinks[(size_t)_i % COUNT_OF(sinks)];
    thrift_bytes input = vector_in(schema, vectors[0].type, vectors[0].name, from);
    thrift_buffer out = THRIFT_BUFFER_INIT;

    for (size_t size = 0; size < input.size; size++) {
        uint8_t *cut = malloc(size + 1);

        ck_assert_ptr_nonnull(cut);
        memcpy(cut + 1, input.data, size);
        check_both_ways(schema, "Every", from, (thrift_bytes){cut + 1, size}, to, NULL, false);
        ck_assert_int_eq(thrift_transcode(schema, "Every", from, (thrift_bytes){cut + 1, size}, to,
                                          NULL, &out, NULL),
                         THRIFT_E_TRUNCATED);
        free(cut);
    }
    thrift_buffer_deinit(&out);
    vector_free(input);
    thrift_schema_unref(schema);
}
END_TEST

/* Under the policies that a pass can and cannot hold by itself. */
static const thrift_codec_options policies[] = {
    {.struct_size = sizeof(thrift_codec_options)},
    {.struct_size = sizeof(thrift_codec_options),
     .refuse = THRIFT_ACCEPT_MISMATCH | THRIFT_ACCEPT_ENUM | THRIFT_ACCEPT_UTF8,
     .unknown = THRIFT_UNKNOWN_REFUSE},
    {.struct_size = sizeof(thrift_codec_options), .accept = UINT32_MAX},
    {.struct_size = sizeof(thrift_codec_options), .refuse = THRIFT_ACCEPT_DUPLICATES},
};

START_TEST(every_flip_by_both_ways)
{
    static const size_t small[] = {2, 3, 5, 6};
    thrift_schema *schema = vector_schema();
    thrift_protocol from = sources[(size_t)_i / COUNT_OF(sinks)];
    thrift_protocol to = sinks[(size_t)_i % COUNT_OF(sinks)];

    for (size_t i = 0; i < COUNT_OF(small); i++) {
        thrift_bytes input =
            vector_in(schema, vectors[small[i]].type, vectors[small[i]].name, from);

        for (size_t bit = 0; bit < 8 * input.size; bit++) {
            uint8_t *at = (uint8_t *)(uintptr_t)&input.data[bit / 8];

            *at = (uint8_t)(*at ^ 1u << bit % 8);
            for (size_t policy = 0; policy < COUNT_OF(policies); policy++) {
                check_both_ways(schema, vectors[small[i]].type, from, input, to, &policies[policy],
                                false);
            }
            *at = (uint8_t)(*at ^ 1u << bit % 8);
        }
        vector_free(input);
    }
    thrift_schema_unref(schema);
}
END_TEST

static const char definition[] =
    "enum Color { RED = 1 }\n"
    "struct Inner { 1: required i32 number, 2: string text }\n"
    "union Either { 1: i32 number, 2: string text }\n"
    "struct Outer {\n"
    "  1: i32 number, 2: Inner inner, 3: list<Inner> inners, 4: map<string, Inner> named,\n"
    "  5: Either either, 6: map<Inner, list<i32>> by_inner, 7: Color color, 8: string text,\n"
    "  9: list<list<i32>> table, 10: map<i32, bool> flags, 11: bool flag, 12: set<string> words }";

/* Written by hand: what is refused, where, and what the record knows better. */
static const struct {
    const char *text;
    thrift_status status;
    const char *path;
} texts[] = {
    {"{}", THRIFT_OK, ""},
    {" { \"number\" : 1 , \"inners\" : [ ] , \"named\":{ } } \n", THRIFT_OK, ""},
    {"{\"text\": \"a\\u0000\\ud83d\\ude00b\\\"\", \"flag\": true, \"number\": \"-5\"}", THRIFT_OK,
     ""},
    {"{\"number\": null, \"inner\": null, \"number\": 7}", THRIFT_OK, ""},
    {"{\"number\": 1, \"number\": 2}", THRIFT_OK, ""}, /* the last wins */
    {"{\"inners\": [{\"number\": 1, \"number\": 2}], \"text\": \"x\"}", THRIFT_OK, ""},
    {"{\"nobody\": [1, {\"a\": \"b\"}], \"number\": 3}", THRIFT_OK, ""},
    {"{\"by_inner\": [{\"key\": {\"number\": 1}, \"value\": [1, 2]}, "
     "{\"key\": {\"number\": 2}, \"value\": []}]}",
     THRIFT_OK, ""},
    {"{\"flags\": {\"1\": true, \"2\": false}, \"color\": \"RED\"}", THRIFT_OK, ""},
    {"{\"color\": 7}", THRIFT_OK, ""},
    {"{\"inner\": {}}", THRIFT_E_REQUIRED, "inner.number"},
    {"{\"inners\": [{\"number\": 1}, {\"text\": \"\"}]}", THRIFT_E_REQUIRED, "inners[1].number"},
    {"{\"named\": {\"a\": {\"number\": true}}}", THRIFT_E_TYPE, "named{\"a\"}.number"},
    {"{\"either\": {}}", THRIFT_E_CORRUPT, "either"},
    {"{\"either\": {\"number\": 1, \"text\": \"x\"}}", THRIFT_E_CORRUPT, "either"},
    {"{\"either\": {\"number\": 1, \"number\": 2}}", THRIFT_OK, ""},
    {"{\"table\": [[], [1, 2147483648]]}", THRIFT_E_RANGE, "table[1][1]"},
    {"{\"flags\": {\"x\": true}}", THRIFT_E_TYPE, "flags{#0}"},
    {"{\"flags\": {\"1\": 1}}", THRIFT_E_TYPE, "flags{1}"},
    {"{\"color\": \"BLUE\"}", THRIFT_E_NAME, "color"},
    {"{\"text\": \"\\ud800\"}", THRIFT_E_CORRUPT, "text"},
    {"{\"text\": \"a\tb\"}", THRIFT_E_CORRUPT, "text"},
    {"{\"number\": 1,}", THRIFT_E_CORRUPT, ""},
    {"{\"table\": [[1],]}", THRIFT_E_TYPE, "table[1]"},
    {"{\"number\": 1} x", THRIFT_E_TRAILING, ""},
    {"[]", THRIFT_E_CORRUPT, ""},
};

START_TEST(texts_by_both_ways)
{
    thrift_schema *schema = schema_of(definition);
    thrift_bytes input = {(const uint8_t *)texts[_i].text, strlen(texts[_i].text)};

    for (size_t to = 0; to < COUNT_OF(sinks) - 1; to++) {
        thrift_buffer out = THRIFT_BUFFER_INIT;
        thrift_error err = THRIFT_ERROR_INIT;

        ck_assert_msg(thrift_transcode(schema, "Outer", THRIFT_PLAIN_JSON, input, sinks[to], NULL,
                                       &out, &err) == texts[_i].status,
                      "%s: %s: %s", texts[_i].text, err.source, err.message);
        ck_assert_str_eq(err.source, texts[_i].path);
        thrift_buffer_deinit(&out);
        check_both_ways(schema, "Outer", THRIFT_PLAIN_JSON, input, sinks[to], NULL, true);
        for (size_t policy = 0; policy < COUNT_OF(policies); policy++) {
            check_both_ways(schema, "Outer", THRIFT_PLAIN_JSON, input, sinks[to], &policies[policy],
                            false);
        }
    }
    thrift_schema_unref(schema);
}
END_TEST

/* Counts around the sizes at which compact's and TJSON's heads grow. */
START_TEST(counts_are_filled_in)
{
    static const uint32_t counts[] = {0, 1, 9, 10, 14, 15, 16, 99, 100, 127, 128, 129, 1000, 20000};
    thrift_schema *schema =
        schema_of("struct All { 1: list<list<i32>> lists, 2: map<i32, bool> map,"
                  " 3: set<string> words, 4: i32 behind }");
    thrift_buffer text = THRIFT_BUFFER_INIT;
    uint32_t count = counts[_i];
    char item[48];

#define SAY(...)                                                                                   \
    ck_assert(buffer_append(&text, item, (size_t)snprintf(item, sizeof item, __VA_ARGS__)))
    SAY("{\"lists\":[[],[");
    for (uint32_t i = 0; i < count; i++) {
        SAY("%s%u", i > 0 ? "," : "", i);
    }
    SAY("],[7]],\"map\":{");
    for (uint32_t i = 0; i < count; i++) {
        SAY("%s\"%u\":%s", i > 0 ? "," : "", i, i % 2 == 0 ? "true" : "false");
    }
    SAY("},\"words\":[");
    for (uint32_t i = 0; i < count; i++) {
        SAY("%s\"w%u\"", i > 0 ? "," : "", i);
    }
    SAY("],\"behind\":5}");
#undef SAY
    for (size_t to = 0; to < COUNT_OF(sinks); to++) {
        thrift_buffer one = THRIFT_BUFFER_INIT, other = THRIFT_BUFFER_INIT;
        thrift_error err = THRIFT_ERROR_INIT;

        ck_assert_msg(thrift_transcode(schema, "All", THRIFT_PLAIN_JSON, buffer_bytes(&text),
                                       sinks[to], NULL, &one, &err) == THRIFT_OK,
                      "%s: %s", err.source, err.message);
        ck_assert_int_eq(by_record(schema, "All", THRIFT_PLAIN_JSON, buffer_bytes(&text), sinks[to],
                                   NULL, &other, &err),
                         THRIFT_OK);
        ck_assert_uint_eq(one.size, other.size);
        ck_assert_mem_eq(one.data, other.data, one.size);
        thrift_buffer_deinit(&one);
        thrift_buffer_deinit(&other);
    }
    thrift_buffer_deinit(&text);
    thrift_schema_unref(schema);
}
END_TEST

/* A newer peer's fields, of all types, and one whose type has changed. */
START_TEST(unknown_fields_go_along)
{
    static const char newer[] =
        "struct In { 1: bool b }\n"
        "struct A { 1: bool yes, 2: bool no, 3: i8 a, 4: i16 b, 5: i32 c, 6: i64 d, 7: double e,\n"
        " 8: string f, 9: uuid g, 10: list<bool> h, 11: map<string, In> i, 12: In j, 13: set<i64> "
        "k,"
        " 20: i32 known, 21: string changed }";
    static const char older[] = "struct A { 20: i32 known, 21: i32 changed, 22: i32 more }";
    thrift_schema *new_one = schema_of(newer), *old_one = schema_of(older);
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_record *record = thrift_record_new(new_one, "A", &err);

    thrift_set(record, "yes", true, "no", false, "a", 1, "b", 2, "c", 3, "d", 4, "e", 0.5, "f",
               "text", "g", "00112233-4455-6677-8899-aabbccddeeff", "j.b", true, "known", 20,
               "changed", "no number");
    thrift_list_add(thrift_open_list(record, "h"), true);
    thrift_list_add(thrift_open_list(record, "h"), false);
    thrift_set(thrift_map_put_record(thrift_open_map(record, "i"), THRIFT_VALUE("k")), "b", true);
    thrift_list_add(thrift_open_list(record, "k"), 77);
    for (size_t from = 0; from < 3; from++) {
        for (size_t to = 0; to < 3; to++) {
            thrift_buffer in = THRIFT_BUFFER_INIT, out = THRIFT_BUFFER_INIT;
            thrift_record *back;

            ck_assert_int_eq(thrift_encode(record, sources[from], NULL, &in, &err), THRIFT_OK);
            check_both_ways(old_one, "A", sources[from], buffer_bytes(&in), sinks[to], NULL, true);
            check_both_ways(old_one, "A", sources[from], buffer_bytes(&in), sinks[to], &policies[1],
                            true);
            ck_assert_int_eq(thrift_transcode(old_one, "A", sources[from], buffer_bytes(&in),
                                              sinks[to], NULL, &out, &err),
                             THRIFT_OK);
            back = thrift_decode(new_one, "A", sinks[to], buffer_bytes(&out), NULL, &err);
            ck_assert_msg(back != NULL, "%d to %d: %s: %s", (int)from, (int)to, err.source,
                          err.message);
            ck_assert_str_eq(thrift_get_string(back, "f"), "text");
            ck_assert(thrift_get_bool(back, "yes") && thrift_has(back, "no"));
            ck_assert(thrift_get_bool(back, "i{\"k\"}.b"));
            ck_assert_int_eq(thrift_get_i32(back, "known"), 20);
            thrift_record_free(back);
            thrift_buffer_deinit(&in);
            thrift_buffer_deinit(&out);
        }
    }
    thrift_record_free(record);
    thrift_schema_unref(new_one);
    thrift_schema_unref(old_one);
}
END_TEST

/* Structs and containers inside of each other, to the limits and beyond them. */
START_TEST(depth_by_both_ways)
{
    thrift_schema *schema = schema_of("struct A { 1: list<list<A>> a }");

    for (uint32_t depth = 60; depth < 70; depth++) {
        thrift_buffer text = THRIFT_BUFFER_INIT;

        for (uint32_t i = 0; i < depth / 2; i++) {
            ck_assert(buffer_append(&text, "{\"a\":[[", 7));
        }
        ck_assert(buffer_append(&text, "{}", depth % 2 == 0 ? 0 : 2));
        for (uint32_t i = 0; i < depth / 2; i++) {
            ck_assert(buffer_append(&text, "]]}", 3));
        }
        for (size_t to = 0; to < COUNT_OF(sinks); to++) {
            thrift_limits limits = THRIFT_LIMITS_INIT;
            thrift_codec_options options = THRIFT_CODEC_OPTIONS_INIT;

            options.limits = &limits;
            for (limits.max_depth = 88; limits.max_depth < 102; limits.max_depth++) {
                check_both_ways(schema, "A", THRIFT_PLAIN_JSON, buffer_bytes(&text), sinks[to],
                                &options, true);
            }
            limits.max_depth = 2000;
            for (limits.max_struct_depth = 28; limits.max_struct_depth < 36;
                 limits.max_struct_depth++) {
                check_both_ways(schema, "A", THRIFT_PLAIN_JSON, buffer_bytes(&text), sinks[to],
                                &options, true);
            }
        }
        thrift_buffer_deinit(&text);
    }
    thrift_schema_unref(schema);
}
END_TEST

/* More fields than a word has bits, the last required. */
START_TEST(structs_of_many_fields)
{
    thrift_buffer text = THRIFT_BUFFER_INIT;
    thrift_schema *schema;
    char field[48];

    ck_assert(buffer_append(&text, "struct Many {", 13));
    for (int i = 1; i <= 200; i++) {
        ck_assert(buffer_append(&text, field,
                                (size_t)snprintf(field, sizeof field, "%d: %s i32 f%d,", i,
                                                 i % 100 == 0 ? "required" : "optional", i)));
    }
    ck_assert(buffer_append(&text, "}", 2));
    schema = schema_of((const char *)text.data);
    static const char *const inputs[] = {"{\"f100\": 1, \"f200\": 2, \"f70\": 3}", "{\"f100\": 1}",
                                         "{\"f200\": 1, \"f100\": 1, \"f200\": 3}"};

    for (size_t i = 0; i < COUNT_OF(inputs); i++) {
        for (size_t to = 0; to < COUNT_OF(sources); to++) {
            check_both_ways(schema, "Many", THRIFT_PLAIN_JSON,
                            (thrift_bytes){(const uint8_t *)inputs[i], strlen(inputs[i])},
                            sinks[to], NULL, true);
        }
    }
    thrift_buffer_deinit(&text);
    thrift_schema_unref(schema);
}
END_TEST

/* What is taken beside the output does not depend on the input's size. */
START_TEST(memory_does_not_grow)
{
    thrift_schema *schema = schema_of("struct A { 1: list<A> a, 2: string s }");
    size_t peaks[2];

    for (size_t large = 0; large < 2; large++) {
        struct failing_allocator memory = {0};
        thrift_allocator allocator = failing_allocator_of(&memory);
        thrift_buffer text = THRIFT_BUFFER_INIT, out = {NULL, 0, 0, allocator};
        thrift_error err = THRIFT_ERROR_INIT;
        uint32_t count = large == 0 ? 10 : 100000;

        ck_assert(buffer_append(&text, "{\"a\":[", 6));
        for (uint32_t i = 0; i < count; i++) {
            ck_assert(buffer_append(&text, ",", i > 0));
            ck_assert(buffer_append(&text, "{\"s\":\"a\\nb\"}", 12));
        }
        ck_assert(buffer_append(&text, "]}", 2));
        ck_assert(buffer_reserve(&out, text.size));
        ck_assert_msg(thrift_transcode(schema, "A", THRIFT_PLAIN_JSON, buffer_bytes(&text),
                                       THRIFT_COMPACT, NULL, &out, &err) == THRIFT_OK,
                      "%s: %s", err.source, err.message);
        peaks[large] = memory.peak - out.capacity;
        thrift_buffer_deinit(&text);
        thrift_buffer_deinit(&out);
    }
    ck_assert_uint_eq(peaks[0], peaks[1]);
    thrift_schema_unref(schema);
}
END_TEST

START_TEST(every_allocation_may_fail)
{
    static const char text[] =
        "{\"inners\": [{\"number\": 1, \"text\": \"a\\nb\"}], \"table\": [[1,2]]}";
    thrift_protocol to = sinks[_i];

    for (size_t k = 1;; k++) {
        struct failing_allocator memory = {.fail_at = k};
        thrift_allocator allocator = failing_allocator_of(&memory);
        thrift_load_options load = {.struct_size = sizeof load, .allocator = &allocator};
        thrift_schema *schema = thrift_load_text("test.thrift", definition, &load, NULL);
        thrift_buffer out = {NULL, 0, 0, allocator};
        thrift_error err = THRIFT_ERROR_INIT;
        thrift_status status = thrift_transcode(
            schema, "Outer", THRIFT_PLAIN_JSON,
            (thrift_bytes){(const uint8_t *)text, sizeof text - 1}, to, NULL, &out, &err);

        ck_assert(schema == NULL || status == THRIFT_OK || status == THRIFT_E_NOMEM);
        ck_assert(status == THRIFT_OK || out.size == 0);
        thrift_buffer_deinit(&out);
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
    tcase_set_timeout(tests, 100);
    tcase_add_loop_test(tests, vectors_by_both_ways, 0, PAIRS);
    tcase_add_loop_test(tests, every_prefix_by_both_ways, 0, PAIRS);
    tcase_add_loop_test(tests, every_flip_by_both_ways, 0, PAIRS);
    tcase_add_loop_test(tests, texts_by_both_ways, 0, COUNT_OF(texts));
    tcase_add_loop_test(tests, counts_are_filled_in, 0, 14);
    tcase_add_test(tests, unknown_fields_go_along);
    tcase_add_test(tests, depth_by_both_ways);
    tcase_add_test(tests, structs_of_many_fields);
    tcase_add_test(tests, memory_does_not_grow);
    tcase_add_loop_test(tests, every_allocation_may_fail, 0, COUNT_OF(sinks));
}

SUITE_MAIN("codec/transcode_pass")
