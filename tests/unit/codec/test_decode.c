/*
 * Decoding rules: presence, mismatch, unions, duplicates, unknown fields, limits, and where an
 * error says that it is.
 *
 * Covers also: path.c, plan.c, policy.c.
 */
#include "fixture.h"

static const char definition[] =
    "enum E { A = 1, B = 3 }\n"
    "struct In { 1: required i32 a, 2: string s }\n"
    "union U { 1: i32 n, 2: string s }\n"
    "struct S { 1: i32 x = 5, 2: optional string s, 3: In in, 4: list<In> l, 5: map<string, In> "
    "m,\n"
    " 6: U u, 7: E e, 8: list<i32> n, 9: list<list<i32>> t, 10: set<string> w, 11: map<i32, i32> d "
    "}\n"
    "struct Empty {}\n"
    "struct Node { 1: list<Node> kids }\n"
    "struct Wide { 70: required i32 z,\n"
    " 1: i8 f1, 2: i8 f2, 3: i8 f3, 4: i8 f4, 5: i8 f5, 6: i8 f6, 7: i8 f7, 8: i8 f8, 9: i8 f9,\n"
    " 10: i8 g0, 11: i8 g1, 12: i8 g2, 13: i8 g3, 14: i8 g4, 15: i8 g5, 16: i8 g6, 17: i8 g7,\n"
    " 18: i8 g8, 19: i8 g9, 20: i8 h0, 21: i8 h1, 22: i8 h2, 23: i8 h3, 24: i8 h4, 25: i8 h5,\n"
    " 26: i8 h6, 27: i8 h7, 28: i8 h8, 29: i8 h9, 30: i8 i0, 31: i8 i1, 32: i8 i2, 33: i8 i3,\n"
    " 34: i8 i4, 35: i8 i5, 36: i8 i6, 37: i8 i7, 38: i8 i8_, 39: i8 i9, 40: i8 j0, 41: i8 j1,\n"
    " 42: i8 j2, 43: i8 j3, 44: i8 j4, 45: i8 j5, 46: i8 j6, 47: i8 j7, 48: i8 j8, 49: i8 j9,\n"
    " 50: i8 k0, 51: i8 k1, 52: i8 k2, 53: i8 k3, 54: i8 k4, 55: i8 k5, 56: i8 k6, 57: i8 k7,\n"
    " 58: i8 k8, 59: i8 k9, 60: i8 l0, 61: i8 l1, 62: i8 l2, 63: i8 l3, 64: i8 l4, 65: i8 l5,\n"
    " 66: required i8 last }\n";

#define UNKNOWN(what) .unknown = THRIFT_UNKNOWN_##what

static const struct {
    const char *name, *type;
    thrift_bytes bytes;
    thrift_codec_options options;
    thrift_status status;
    const char *path; /* of the error */
} cases[] = {
    {"nothing set", "S", BYTES(0), {0}, THRIFT_OK, ""},
    {"required", "S", BYTES(12, 0, 3, 0, 0), {0}, THRIFT_E_REQUIRED, "in.a"},
    {"required, accepted",
     "S",
     BYTES(12, 0, 3, 0, 0),
     {.accept = THRIFT_ACCEPT_MISSING},
     THRIFT_OK,
     ""},
    {"required, in a list",
     "S",
     BYTES(15, 0, 4, 12, 0, 0, 0, 2, 8, 0, 1, 0, 0, 0, 1, 0, 11, 0, 2, 0, 0, 0, 1, 'a', 0, 0, 0, 0,
           0),
     {0},
     THRIFT_E_REQUIRED,
     "l[1].a"},
    {"required, in a map",
     "S",
     BYTES(13, 0, 5, 11, 12, 0, 0, 0, 1, 0, 0, 0, 2, 'k', 'y', 11, 0, 2, 0, 0, 0, 1, 'a', 0, 0),
     {0},
     THRIFT_E_REQUIRED,
     "m{\"ky\"}.a"},
    {"other type", "S", BYTES(11, 0, 1, 0, 0, 0, 1, 'a', 0), {0}, THRIFT_OK, ""},
    {"other type, refused",
     "S",
     BYTES(11, 0, 1, 0, 0, 0, 1, 'a', 0),
     {.refuse = THRIFT_ACCEPT_MISMATCH},
     THRIFT_E_TYPE,
     "x"},
    {"other elements",
     "S",
     BYTES(15, 0, 8, 11, 0, 0, 0, 1, 0, 0, 0, 1, 'a', 0),
     {0},
     THRIFT_OK,
     ""},
    {"other elements, refused",
     "S",
     BYTES(15, 0, 8, 11, 0, 0, 0, 1, 0, 0, 0, 1, 'a', 0),
     {.refuse = THRIFT_ACCEPT_MISMATCH},
     THRIFT_E_TYPE,
     "n"},
    {"other elements of an element",
     "S",
     BYTES(15, 0, 9, 15, 0, 0, 0, 2, 3, 0, 0, 0, 1, 7, 8, 0, 0, 0, 1, 0, 0, 0, 9, 0),
     {0},
     THRIFT_OK,
     ""},
    {"other keys", "S", BYTES(13, 0, 11, 3, 8, 0, 0, 0, 1, 7, 0, 0, 0, 1, 0), {0}, THRIFT_OK, ""},
    {"a list for a set", "S", BYTES(15, 0, 10, 11, 0, 0, 0, 0, 0), {0}, THRIFT_OK, ""},
    {"union of one", "S", BYTES(12, 0, 6, 8, 0, 1, 0, 0, 0, 1, 0, 0), {0}, THRIFT_OK, ""},
    {"union of none", "S", BYTES(12, 0, 6, 0, 0), {0}, THRIFT_E_CORRUPT, "u"},
    {"union of none, accepted",
     "S",
     BYTES(12, 0, 6, 0, 0),
     {.accept = THRIFT_ACCEPT_UNION},
     THRIFT_OK,
     ""},
    {"union of two",
     "S",
     BYTES(12, 0, 6, 8, 0, 1, 0, 0, 0, 1, 11, 0, 2, 0, 0, 0, 1, 'a', 0, 0),
     {0},
     THRIFT_E_CORRUPT,
     "u"},
    {"union of two, accepted",
     "S",
     BYTES(12, 0, 6, 8, 0, 1, 0, 0, 0, 1, 11, 0, 2, 0, 0, 0, 1, 'a', 0, 0),
     {.accept = THRIFT_ACCEPT_UNION},
     THRIFT_OK,
     ""},
    {"union of an unknown member",
     "S",
     BYTES(12, 0, 6, 8, 0, 9, 0, 0, 0, 1, 0, 0),
     {0},
     THRIFT_E_CORRUPT,
     "u"},
    {"field twice", "S", BYTES(8, 0, 1, 0, 0, 0, 1, 8, 0, 1, 0, 0, 0, 2, 0), {0}, THRIFT_OK, ""},
    {"field twice, refused",
     "S",
     BYTES(8, 0, 1, 0, 0, 0, 1, 8, 0, 1, 0, 0, 0, 2, 0),
     {.refuse = THRIFT_ACCEPT_DUPLICATES},
     THRIFT_E_CORRUPT,
     "x"},
    {"item twice, refused",
     "S",
     BYTES(14, 0, 10, 11, 0, 0, 0, 2, 0, 0, 0, 1, 'a', 0, 0, 0, 1, 'a', 0),
     {.refuse = THRIFT_ACCEPT_DUPLICATES},
     THRIFT_E_CORRUPT,
     "w"},
    {"key twice",
     "S",
     BYTES(13, 0, 11, 8, 8, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 2, 0),
     {0},
     THRIFT_OK,
     ""},
    {"key twice, refused",
     "S",
     BYTES(13, 0, 11, 8, 8, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 2, 0),
     {.refuse = THRIFT_ACCEPT_DUPLICATES},
     THRIFT_E_CORRUPT,
     "d"},
    {"keys apart, refused",
     "S",
     BYTES(13, 0, 11, 8, 8, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 2, 0),
     {.refuse = THRIFT_ACCEPT_DUPLICATES},
     THRIFT_OK,
     ""},
    {"no symbol", "S", BYTES(8, 0, 7, 0, 0, 0, 2, 0), {0}, THRIFT_OK, ""},
    {"no symbol, refused",
     "S",
     BYTES(8, 0, 7, 0, 0, 0, 2, 0),
     {.refuse = THRIFT_ACCEPT_ENUM},
     THRIFT_E_RANGE,
     "e"},
    {"symbol", "S", BYTES(8, 0, 7, 0, 0, 0, 3, 0), {.refuse = THRIFT_ACCEPT_ENUM}, THRIFT_OK, ""},
    {"not UTF-8", "S", BYTES(11, 0, 2, 0, 0, 0, 1, 0xff, 0), {0}, THRIFT_OK, ""},
    {"not UTF-8, refused",
     "S",
     BYTES(11, 0, 2, 0, 0, 0, 1, 0xff, 0),
     {.refuse = THRIFT_ACCEPT_UTF8},
     THRIFT_E_CORRUPT,
     "s"},
    {"unknown", "S", BYTES(8, 0, 99, 0, 0, 0, 1, 0), {0}, THRIFT_OK, ""},
    {"unknown, refused",
     "S",
     BYTES(12, 0, 3, 8, 0, 99, 0, 0, 0, 1, 0, 0),
     {UNKNOWN(REFUSE)},
     THRIFT_E_NAME,
     "in"},
    {"trailing", "S", BYTES(0, 0), {0}, THRIFT_E_TRAILING, ""},
    {"trailing, accepted", "S", BYTES(0, 0), {.accept = THRIFT_ACCEPT_TRAILING}, THRIFT_OK, ""},
    {"no such type", "S", BYTES(5, 0, 1, 0), {0}, THRIFT_E_CORRUPT, "x"},
    {"unknown of no type", "S", BYTES(5, 0, 99, 0), {0}, THRIFT_E_CORRUPT, ""},
    {"negative string", "S", BYTES(11, 0, 2, 0xff, 0xff, 0xff, 0xff), {0}, THRIFT_E_CORRUPT, "s"},
    {"string over the limit",
     "S",
     BYTES(11, 0, 2, 0x7f, 0xff, 0xff, 0xff),
     {0},
     THRIFT_E_LIMIT,
     "s"},
    {"list over the limit",
     "S",
     BYTES(15, 0, 8, 8, 0x7f, 0xff, 0xff, 0xff),
     {0},
     THRIFT_E_LIMIT,
     "n"},
    {"list of structs over the bytes",
     "S", /* three required i32 need 24 bytes, 16 are there */
     BYTES(15, 0, 4, 12, 0, 0, 0, 3, 8, 0, 1, 0, 0, 0, 1, 0, 8, 0, 1, 0, 0, 0, 1, 0),
     {0},
     THRIFT_E_TRUNCATED,
     "l"},
    {"inner list over what the outer needs",
     "S",
     BYTES(15, 0, 9, 15, 0, 0, 0, 3, 8, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0),
     {0},
     THRIFT_E_TRUNCATED,
     "t[0]"},
    {"wide, word two", "Wide", BYTES(3, 0, 66, 1, 8, 0, 70, 0, 0, 0, 1, 0), {0}, THRIFT_OK, ""},
    {"wide, missing in word two",
     "Wide",
     BYTES(8, 0, 70, 0, 0, 0, 1, 0),
     {0},
     THRIFT_E_REQUIRED,
     "last"},
    {"wide, missing in word one", "Wide", BYTES(3, 0, 66, 1, 0), {0}, THRIFT_E_REQUIRED, "z"},
};

static const struct {
    thrift_protocol protocol;
    thrift_bytes bytes;
} same[] = {
    {THRIFT_BINARY, BYTES(12, 0, 1, 0, 0)},
    {THRIFT_BINARY, BYTES(12, 0, 1, 3, 0, 9, 5, 0, 0)}, /* an unknown field inside */
    {THRIFT_COMPACT, BYTES(0x1c, 0x93, 5, 0, 0)},
    {THRIFT_PLAIN_JSON, {(const uint8_t *)"{\"in\":{\"x\":1}}", 14}},
    {THRIFT_TJSON, {(const uint8_t *)"{\"1\":{\"rec\":{\"9\":{\"i8\":1}}}}", 28}},
};

/* Whatever stands in the memory of a field that is not there, it means its default: in a record
 * that shares the empty one, in one that has other fields or unknown ones, in every protocol. */
START_TEST(absent_fields_mean_their_default)
{
    thrift_schema *schema = schema_of("struct In { 1: i32 n = 7, 2: list<i32> l = [1] }\n"
                                      "struct Out { 1: In in }");
    thrift_record *first = NULL;

    for (size_t i = 0; i < COUNT_OF(same); i++) {
        for (int bare = 0; bare < 2; bare++) {
            thrift_error err = THRIFT_ERROR_INIT;
            thrift_record *record =
                thrift_decode(schema, "Out", same[i].protocol, same[i].bytes,
                              THRIFT_CODEC_OPTIONS(.no_defaults = bare == 1), &err);

            ck_assert_msg(record != NULL, "%d: %s", (int)i, err.message);
            if (first == NULL) {
                first = record;
                continue;
            }
            ck_assert_msg(thrift_record_equal(first, record), "%d, bare %d", (int)i, bare);
            ck_assert(thrift_record_hash(first) == thrift_record_hash(record));
            thrift_record_free(record);
        }
    }
    thrift_record_free(first);
    thrift_schema_unref(schema);
}
END_TEST

START_TEST(rules)
{
    thrift_schema *schema = schema_of(definition);
    thrift_codec_options options = cases[_i].options;
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_record *record;

    options.struct_size = sizeof options;
    record = thrift_decode(schema, cases[_i].type, THRIFT_BINARY, cases[_i].bytes, &options, &err);
    ck_assert_msg(err.code == cases[_i].status, "%s: %s: %s", cases[_i].name,
                  thrift_status_name(err.code), err.message);
    ck_assert_int_eq(record != NULL, cases[_i].status == THRIFT_OK);
    ck_assert_msg(strcmp(err.source, cases[_i].path) == 0, "%s: at %s", cases[_i].name, err.source);
    thrift_record_free(record);
    thrift_schema_unref(schema);
}
END_TEST

START_TEST(absent_and_skipped_fields_have_their_defaults)
{
    static const uint8_t bytes[] = {11, 0, 1, 0, 0, 0, 1, 'a', 8, 0, 8, 0, 0, 0, 1, 0};
    thrift_schema *schema = schema_of(definition);
    thrift_record *record =
        thrift_decode(schema, "S", THRIFT_BINARY, (thrift_bytes){bytes, sizeof bytes}, NULL, NULL);

    ck_assert_int_eq(thrift_get_i32(record, "x"), 5);
    ck_assert(!thrift_has(record, "x"));
    ck_assert_ptr_null(thrift_get_string(record, "s"));
    ck_assert(!thrift_has(record, "n"));
    thrift_record_free(record);
    record = thrift_decode(schema, "S", THRIFT_BINARY, (thrift_bytes){bytes, sizeof bytes},
                           THRIFT_CODEC_OPTIONS(.no_defaults = true), NULL);
    ck_assert_int_eq(thrift_get_i32(record, "x"), 0);
    thrift_record_free(record);
    thrift_schema_unref(schema);
}
END_TEST

START_TEST(the_last_of_two_wins)
{
    static const uint8_t bytes[] = {12,  0, 6, 8, 0, 1, 0, 0, 0, 1, 11, 0, 2, 0, 0, 0, 1,
                                    'a', 0, 8, 0, 1, 0, 0, 0, 1, 8, 0,  1, 0, 0, 0, 2, 0};
    thrift_schema *schema = schema_of(definition);
    thrift_record *record =
        thrift_decode(schema, "S", THRIFT_BINARY, (thrift_bytes){bytes, sizeof bytes},
                      THRIFT_CODEC_OPTIONS(.accept = THRIFT_ACCEPT_UNION), NULL);

    ck_assert_ptr_nonnull(record);
    ck_assert_int_eq(thrift_get_i32(record, "x"), 2);
    ck_assert_str_eq(thrift_get_string(record, "u.s"), "a");
    ck_assert(!thrift_has(record, "u.n"));
    thrift_record_free(record);
    thrift_schema_unref(schema);
}
END_TEST

/* `depth` Nodes in one another, in binary or compact. */
static size_t nest(uint8_t *bytes, size_t depth, thrift_protocol protocol)
{
    static const uint8_t binary[] = {15, 0, 1, 12, 0, 0, 0, 1}, compact[] = {0x19, 0x1c};
    const uint8_t *part = protocol == THRIFT_BINARY ? binary : compact;
    size_t size = protocol == THRIFT_BINARY ? sizeof binary : sizeof compact, at = 0;

    for (size_t i = 1; i < depth; i++, at += size) {
        memcpy(bytes + at, part, size);
    }
    memset(bytes + at, 0, depth);
    return at + depth;
}

START_TEST(depth_is_limited)
{
    static const struct {
        size_t depth;
        uint32_t max_struct_depth, max_depth;
        thrift_status status;
    } depths[] = {
        {1, 0, 0, THRIFT_OK},
        {64, 0, 0, THRIFT_OK},
        {65, 0, 0, THRIFT_E_LIMIT},
        {1000, 0, 0, THRIFT_E_LIMIT},
        {100000, 0, 0, THRIFT_E_LIMIT},
        {10, 10, 0, THRIFT_OK},
        {11, 10, 0, THRIFT_E_LIMIT},
        {10, 0, 19, THRIFT_OK},
        {10, 0, 18, THRIFT_E_LIMIT},
        {300, 1000, 1000, THRIFT_OK},
        {2000, 10000, 10000, THRIFT_E_LIMIT},
    };
    thrift_schema *schema = schema_of(definition);
    thrift_limits limits = THRIFT_LIMITS_INIT;
    thrift_protocol protocol = (size_t)_i < COUNT_OF(depths) ? THRIFT_BINARY : THRIFT_COMPACT;
    size_t i = (size_t)_i % COUNT_OF(depths);
    uint8_t *bytes = malloc(10 * depths[i].depth);
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_record *record;
    thrift_bytes input;

    ck_assert_ptr_nonnull(bytes);
    limits.max_struct_depth = depths[i].max_struct_depth;
    limits.max_depth = depths[i].max_depth;
    input = (thrift_bytes){bytes, nest(bytes, depths[i].depth, protocol)};
    record = thrift_decode(schema, "Node", protocol, input, THRIFT_CODEC_OPTIONS(.limits = &limits),
                           &err);
    ck_assert_msg(err.code == depths[i].status, "%zu deep: %s", depths[i].depth, err.message);
    if (record != NULL) {
        thrift_buffer out = THRIFT_BUFFER_INIT;

        ck_assert_int_eq(
            thrift_encode(record, protocol, THRIFT_CODEC_OPTIONS(.limits = &limits), &out, &err),
            THRIFT_OK);
        ck_assert(out.size >= input.size);
        thrift_buffer_deinit(&out);
    }
    thrift_record_free(record);
    free(bytes);
    thrift_schema_unref(schema);
}
END_TEST

START_TEST(memory_has_a_budget)
{
    thrift_schema *schema = schema_of(definition);
    thrift_limits limits = THRIFT_LIMITS_INIT;
    size_t count = 100000, size = 8 + count + 1;
    uint8_t *bytes = calloc(size, 1);
    thrift_error err = THRIFT_ERROR_INIT;
    static const uint8_t head[] = {15, 0, 1, 12, 0, 1, 0x86, 0xa0};

    ck_assert_ptr_nonnull(bytes);
    memcpy(bytes, head, sizeof head);
    limits.max_message_memory = count * (sizeof(void *) - 1);
    ck_assert_ptr_null(thrift_decode(schema, "Node", THRIFT_BINARY, (thrift_bytes){bytes, size},
                                     THRIFT_CODEC_OPTIONS(.limits = &limits), &err));
    ck_assert_int_eq(err.code, THRIFT_E_LIMIT);
    limits.max_message_memory = count * (sizeof(void *) + 1);
    err.code = THRIFT_OK;
    thrift_record *record =
        thrift_decode(schema, "Node", THRIFT_BINARY, (thrift_bytes){bytes, size},
                      THRIFT_CODEC_OPTIONS(.limits = &limits), &err);

    ck_assert_msg(record != NULL, "%s", err.message);
    ck_assert_uint_eq(thrift_list_count(thrift_get_list(record, "kids")), count);
    thrift_record_free(record);
    free(bytes);
    thrift_schema_unref(schema);
}
END_TEST

START_TEST(unknown_fields_are_kept_and_written_back)
{
    static const uint8_t binary[] = {8,  0,  0,  0, 0,  0,  9, 8, 0, 1, 0, 0,   0,   7, 2,  0,
                                     20, 1,  12, 0, 21, 11, 0, 1, 0, 0, 0, 1,   'u', 0, 13, 0,
                                     22, 11, 3,  0, 0,  0,  1, 0, 0, 0, 1, 'k', 5,   0};
    static const uint8_t compact[] = {0x05, 0x00, 0x12, 0x15, 0x0e, 0x01, 0x28,
                                      0x1c, 0x18, 0x01, 'u',  0x00, 0x00};
    static const struct {
        thrift_protocol protocol;
        thrift_bytes bytes;
    } kept[] = {{THRIFT_BINARY, {binary, sizeof binary}},
                {THRIFT_COMPACT, {compact, sizeof compact}}};
    thrift_schema *schema = schema_of("struct S { 1: i32 x } struct P { 1: string s }"
                                      "struct Wide { 1: i32 x, 20: bool b, 21: P p }");
    thrift_error err = THRIFT_ERROR_INIT;

    for (size_t i = 0; i < COUNT_OF(kept); i++) {
        thrift_buffer out = THRIFT_BUFFER_INIT;
        thrift_record *record = thrift_decode(schema, "S", kept[i].protocol, kept[i].bytes,
                                              THRIFT_CODEC_OPTIONS(UNKNOWN(KEEP)), &err);

        ck_assert_msg(record != NULL, "%s", err.message);
        ck_assert_uint_gt(thrift_unknown_count(record), 1);
        ck_assert_int_eq(
            thrift_encode(record, kept[i].protocol,
                          &(thrift_codec_options){.struct_size = sizeof(thrift_codec_options),
                                                  .no_defaults = true},
                          &out, &err),
            THRIFT_OK);
        ck_assert_uint_eq(out.size, kept[i].bytes.size);
        ck_assert_mem_eq(out.data, kept[i].bytes.data, out.size);
        out.size = 0; /* and in the other protocol */
        ck_assert_int_eq(thrift_encode(record, kept[1 - i].protocol, NULL, &out, &err), THRIFT_OK);
        thrift_record *wide =
            thrift_decode(schema, "Wide", kept[1 - i].protocol, (thrift_bytes){out.data, out.size},
                          THRIFT_CODEC_OPTIONS(UNKNOWN(KEEP)), &err);

        ck_assert_msg(wide != NULL, "%s", err.message);
        ck_assert_int_eq(thrift_get_i32(wide, "x"), 7);
        ck_assert(thrift_get_bool(wide, "b"));
        ck_assert_str_eq(thrift_get_string(wide, "p.s"), "u");
        thrift_record_free(wide);
        thrift_buffer_deinit(&out);
        thrift_record_free(record);
    }
    thrift_schema_unref(schema);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_test(tests, absent_fields_mean_their_default);
    tcase_add_loop_test(tests, rules, 0, COUNT_OF(cases));
    tcase_add_test(tests, absent_and_skipped_fields_have_their_defaults);
    tcase_add_test(tests, the_last_of_two_wins);
    tcase_add_loop_test(tests, depth_is_limited, 0, 22);
    tcase_add_test(tests, memory_has_a_budget);
    tcase_add_test(tests, unknown_fields_are_kept_and_written_back);
}

SUITE_MAIN("codec/decode")
