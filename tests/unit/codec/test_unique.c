/*
 * Fields, items and keys that are there twice: kept, refused, or the last in the place of the
 * first; the same in every protocol.
 */
#include "allocator.h"
#include "json_fixture.h"

static const char definition[] =
    "struct Point { 1: i32 x, 2: i32 y }\n"
    "union Choice { 1: i32 number, 2: string text }\n"
    "struct Holder {\n"
    "  1: optional set<string> words, 2: optional map<i32, string> names,\n"
    "  3: optional set<Point> points, 4: optional map<string, list<i32>> lists,\n"
    "  5: optional list<set<i32>> sets, 6: optional set<i64> numbers, 7: optional list<i32> "
    "plain,\n"
    "  8: optional set<double> reals, 9: optional map<bool, i32> answers }\n";

static const thrift_protocol protocols[] = {THRIFT_BINARY, THRIFT_COMPACT, THRIFT_TJSON};
#define PROTOCOLS (int)COUNT_OF(protocols)

static const struct {
    const char *given; /* TJSON */
    const char *kept, *dropped;
    bool refused;
} containers[] = {
    {"{\"1\":{\"set\":[\"str\",4,\"a\",\"b\",\"a\",\"c\"]}}",
     "{\"words\":[\"a\",\"b\",\"a\",\"c\"]}", "{\"words\":[\"a\",\"b\",\"c\"]}", true},
    {"{\"2\":{\"map\":[\"i32\",\"str\",3,{\"1\":\"a\",\"2\":\"b\",\"1\":\"c\"}]}}",
     "{\"names\":{\"1\":\"a\",\"2\":\"b\",\"1\":\"c\"}}", "{\"names\":{\"1\":\"c\",\"2\":\"b\"}}",
     true},
    {"{\"3\":{\"set\":[\"rec\",3,{\"1\":{\"i32\":1}},{\"2\":{\"i32\":0},\"1\":{\"i32\":1}},{}]}}",
     "{\"points\":[{\"x\":1,\"y\":0},{\"x\":1,\"y\":0},{\"x\":0,\"y\":0}]}",
     "{\"points\":[{\"x\":1,\"y\":0},{\"x\":0,\"y\":0}]}", true},
    {"{\"4\":{\"map\":[\"str\",\"lst\",2,{\"k\":[\"i32\",1,1],\"k\":[\"i32\",2,2,3]}]}}",
     "{\"lists\":{\"k\":[1],\"k\":[2,3]}}", "{\"lists\":{\"k\":[2,3]}}", true},
    {"{\"5\":{\"lst\":[\"set\",2,[\"i32\",3,5,5,5],[\"i32\",1,5]]}}", "{\"sets\":[[5,5,5],[5]]}",
     "{\"sets\":[[5],[5]]}", true},
    {"{\"6\":{\"set\":[\"i64\",3,1,2,1]}}", "{\"numbers\":[1,2,1]}", "{\"numbers\":[1,2]}", true},
    {"{\"7\":{\"lst\":[\"i32\",3,1,2,1]}}", "{\"plain\":[1,2,1]}", "{\"plain\":[1,2,1]}", false},
    {"{\"8\":{\"set\":[\"dbl\",4,0,-0.0,\"NaN\",\"NaN\"]}}", "{\"reals\":[0,-0,\"NaN\",\"NaN\"]}",
     "{\"reals\":[0,-0,\"NaN\"]}", true},
    {"{\"9\":{\"map\":[\"tf\",\"i32\",2,{\"1\":1,\"0\":2}]}}",
     "{\"answers\":{\"true\":1,\"false\":2}}", "{\"answers\":{\"true\":1,\"false\":2}}", false},
};
#define CONTAINERS (int)COUNT_OF(containers)

/* The case's bytes in a protocol, duplicates and all. */
static thrift_buffer bytes_in(const thrift_schema *schema, const char *text,
                              thrift_protocol protocol)
{
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_buffer out = THRIFT_BUFFER_INIT;
    thrift_record *record =
        thrift_decode(schema, "Holder", THRIFT_TJSON, bytes_of(text), NULL, &err);

    ck_assert_msg(record != NULL, "%s: %s", text, err.message);
    ck_assert_int_eq(thrift_encode(record, protocol, NULL, &out, &err), THRIFT_OK);
    thrift_record_free(record);
    return out;
}

static void check_text(const thrift_record *record, const char *want)
{
    thrift_buffer out = THRIFT_BUFFER_INIT;

    ck_assert_ptr_nonnull(record);
    ck_assert_int_eq(thrift_encode(record, THRIFT_PLAIN_JSON, NULL, &out, NULL), THRIFT_OK);
    ck_assert_msg(out.size == strlen(want) && memcmp(out.data, want, out.size) == 0, "%.*s, not %s",
                  (int)out.size, (char *)out.data, want);
    thrift_buffer_deinit(&out);
}

START_TEST(items_and_keys_by_policy)
{
    thrift_schema *schema = schema_of(definition);
    int c = _i % CONTAINERS;
    thrift_protocol protocol = protocols[_i / CONTAINERS];
    thrift_buffer bytes = bytes_in(schema, containers[c].given, protocol);
    thrift_bytes input = {bytes.data, bytes.size};
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_record *kept = thrift_decode(schema, "Holder", protocol, input, NULL, &err);
    thrift_record *dropped = thrift_decode(schema, "Holder", protocol, input,
                                           THRIFT_CODEC_OPTIONS(.drop_duplicates = true), &err);
    thrift_record *refused =
        thrift_decode(schema, "Holder", protocol, input,
                      THRIFT_CODEC_OPTIONS(.refuse = THRIFT_ACCEPT_DUPLICATES), &err);

    check_text(kept, containers[c].kept);
    check_text(dropped, containers[c].dropped);
    ck_assert_int_eq(err.code, containers[c].refused ? THRIFT_E_CORRUPT : THRIFT_OK);
    ck_assert_int_eq(refused == NULL, containers[c].refused);
    thrift_record_free(kept);
    thrift_record_free(dropped);
    thrift_record_free(refused);
    thrift_buffer_deinit(&bytes);
    thrift_schema_unref(schema);
}
END_TEST

START_TEST(plain_json_drops_too)
{
    thrift_schema *schema = schema_of(definition);
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_record *record =
        thrift_decode(schema, "Holder", THRIFT_PLAIN_JSON, bytes_of(containers[_i].kept),
                      THRIFT_CODEC_OPTIONS(.drop_duplicates = true), &err);

    ck_assert_msg(record != NULL, "%s", err.message);
    check_text(record, containers[_i].dropped);
    thrift_record_free(record);
    thrift_schema_unref(schema);
}
END_TEST

/* Out of the order of their ids, so that the second one is what is expected after the first. */
static const struct {
    thrift_protocol protocol;
    thrift_bytes bytes;
} twice[] = {
    {THRIFT_BINARY, BYTES(8, 0, 2, 0, 0, 0, 7, 8, 0, 1, 0, 0, 0, 8, 8, 0, 2, 0, 0, 0, 9, 0)},
    {THRIFT_COMPACT, BYTES(0x25, 14, 0x05, 2, 16, 0x15, 18, 0)},
};

START_TEST(fields_out_of_order)
{
    thrift_schema *schema = schema_of(definition);
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_record *record =
        thrift_decode(schema, "Point", twice[_i].protocol, twice[_i].bytes, NULL, &err);

    check_text(record, "{\"x\":8,\"y\":9}");
    ck_assert_ptr_null(thrift_decode(schema, "Point", twice[_i].protocol, twice[_i].bytes,
                                     THRIFT_CODEC_OPTIONS(.refuse = THRIFT_ACCEPT_DUPLICATES),
                                     &err));
    ck_assert_int_eq(err.code, THRIFT_E_CORRUPT);
    ck_assert_str_eq(err.source, "y");
    thrift_record_free(record);
    thrift_schema_unref(schema);
}
END_TEST

/* Presence beyond the first word, and of unions, is not in the decoder's registers. */
START_TEST(far_fields_and_members)
{
    char text[4096] = "union U { 1: i32 a, 2: i32 b } struct Wide {", *end = text + strlen(text);
    static const struct {
        const char *type, *text;
    } cases[] = {{"Wide", "{\"80\":{\"i32\":1},\"79\":{\"i32\":2},\"80\":{\"i32\":3}}"},
                 {"U", "{\"1\":{\"i32\":1},\"1\":{\"i32\":2}}"}};
    static const uint8_t binary[2][32] = {
        {8, 0, 80, 0, 0, 0, 1, 8, 0, 79, 0, 0, 0, 2, 8, 0, 80, 0, 0, 0, 3, 0},
        {8, 0, 1, 0, 0, 0, 1, 8, 0, 1, 0, 0, 0, 2, 0}};
    static const size_t sizes[] = {22, 15};

    for (int i = 1; i <= 80; i++) {
        end += snprintf(end, 40, " %d: optional i32 f%d,", i, i);
    }
    (void)snprintf(end, 3, " }");
    for (size_t i = 0; i < 2; i++) {
        const thrift_bytes inputs[] = {bytes_of(cases[i].text), {binary[i], sizes[i]}};
        thrift_schema *schema = schema_of(text);

        for (size_t p = 0; p < 2; p++) {
            thrift_protocol protocol = p == 0 ? THRIFT_TJSON : THRIFT_BINARY;
            thrift_error err = THRIFT_ERROR_INIT;
            thrift_record *last =
                thrift_decode(schema, cases[i].type, protocol, inputs[p], NULL, &err);

            ck_assert_msg(last != NULL, "%s", err.message);
            ck_assert_int_eq(thrift_get_i32(last, i == 0 ? "f80" : "a"), i == 0 ? 3 : 2);
            thrift_record_free(last);
            ck_assert_ptr_null(
                thrift_decode(schema, cases[i].type, protocol, inputs[p],
                              THRIFT_CODEC_OPTIONS(.refuse = THRIFT_ACCEPT_DUPLICATES), &err));
            ck_assert_int_eq(err.code, THRIFT_E_CORRUPT);
        }
        thrift_schema_unref(schema);
    }
}
END_TEST

START_TEST(every_allocation_may_fail)
{
    for (size_t k = 1;; k++) {
        struct failing_allocator memory = {0};
        thrift_allocator allocator = failing_allocator_of(&memory);
        thrift_error err = THRIFT_ERROR_INIT;
        thrift_schema *schema = thrift_load_text(
            "test.thrift", definition, THRIFT_LOAD_OPTIONS(.allocator = &allocator), &err);
        size_t base = memory.count, count;
        thrift_record *record;

        memory.fail_at = base + k;
        record = thrift_decode(schema, "Holder", THRIFT_TJSON, bytes_of(containers[1].given),
                               THRIFT_CODEC_OPTIONS(.drop_duplicates = true), &err);
        ck_assert(record != NULL || err.code == THRIFT_E_NOMEM);
        count = memory.count;
        thrift_record_free(record);
        thrift_schema_unref(schema);
        ck_assert_uint_eq(memory.live, 0);
        if (count < base + k) {
            break;
        }
    }
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_loop_test(tests, items_and_keys_by_policy, 0, CONTAINERS * PROTOCOLS);
    tcase_add_loop_test(tests, plain_json_drops_too, 0, CONTAINERS);
    tcase_add_loop_test(tests, fields_out_of_order, 0, (int)COUNT_OF(twice));
    tcase_add_test(tests, far_fields_and_members);
    tcase_add_test(tests, every_allocation_may_fail);
}

SUITE_MAIN("codec/unique")
