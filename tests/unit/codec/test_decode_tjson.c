/*
 * TJSON read: what Apache's writers leave on the wire, what is no TJSON, and where it fails.
 *
 * Covers also: decode_json.c, json_plan.c.
 */
#include "allocator.h"
#include "json_fixture.h"

static const struct {
    const char *text; /* of an All */
    const char *want; /* as it is written again; NULL: the same */
} good[] = {
    {"{}", NULL},
    {"{\"1\":{\"tf\":1},\"2\":{\"i8\":-128},\"3\":{\"i16\":32767},\"4\":{\"i32\":-2147483648}}",
     NULL},
    {"{\"5\":{\"i64\":-9223372036854775808}}", NULL},
    {"{\"5\":{\"i64\":9223372036854775807}}", NULL},
    {"{\"6\":{\"dbl\":0.10000000000000001},\"7\":{\"str\":\"a\\\"\\\\b\\b\\f\\n\\r\\t\\u0001\"}}",
     NULL},
    {"{\"6\":{\"dbl\":\"NaN\"}}", NULL},
    {"{\"6\":{\"dbl\":\"Infinity\"}}", NULL},
    {"{\"6\":{\"dbl\":\"-Infinity\"}}", NULL},
    /* with leading zeros, as npm's library writes negative ones */
    {"{\"5\":{\"i64\":-000000000001},\"4\":{\"i32\":007}}",
     "{\"4\":{\"i32\":7},\"5\":{\"i64\":-1}}"},
    {"{\"4\":{\"i32\":000}}", "{\"4\":{\"i32\":0}}"},
    /* bare, as Python writes them */
    {"{\"6\":{\"dbl\":nan}}", "{\"6\":{\"dbl\":\"NaN\"}}"},
    {"{\"6\":{\"dbl\":inf}}", "{\"6\":{\"dbl\":\"Infinity\"}}"},
    {"{\"6\":{\"dbl\":-inf}}", "{\"6\":{\"dbl\":\"-Infinity\"}}"},
    {"{\"6\":{\"dbl\":-Infinity}}", "{\"6\":{\"dbl\":\"-Infinity\"}}"},
    {"{\"6\":{\"dbl\":-0}}", NULL},
    {"{\"6\":{\"dbl\":1E+5}}", "{\"6\":{\"dbl\":100000}}"},
    {"{\"7\":{\"str\":\"\\/\\u00e9\\ud83d\\uDE00\\u0000\"}}",
     "{\"7\":{\"str\":\"/\xc3\xa9\xf0\x9f\x98\x80\\u0000\"}}"},
    {"{\"8\":{\"str\":\"YQ==\"}}", "{\"8\":{\"str\":\"YQ\"}}"},
    {"{\"8\":{\"str\":\"YQ\"}}", NULL},
    {"{\"8\":{\"str\":\"\\/\\/8=\"}}", "{\"8\":{\"str\":\"//8\"}}"},
    {"{\"8\":{\"str\":\"\"}}", NULL},
    {"{\"9\":{\"uid\":\"00112233-4455-6677-8899-AABBCCDDEEFF\"}}",
     "{\"9\":{\"uid\":\"00112233-4455-6677-8899-aabbccddeeff\"}}"},
    {"{\"10\":{\"i32\":2},\"11\":{\"rec\":{\"1\":{\"dbl\":1}}},\"12\":{\"rec\":{\"2\":{\"i32\":3}}}"
     "}",
     NULL},
    {"{\"13\":{\"lst\":[\"i32\",3,1,-2,3]},\"14\":{\"set\":[\"str\",2,\"a\",\"b\"]}}", NULL},
    {"{\"13\":{\"lst\":[\"i32\",0]},\"14\":{\"set\":[\"str\",0]},\"15\":{\"map\":[\"str\",\"i64\","
     "0,{}]}}",
     NULL},
    {"{\"15\":{\"map\":[\"str\",\"i64\",2,{\"a\":1,\"\":-2}]}}", NULL},
    {"{\"16\":{\"map\":[\"i32\",\"lst\",2,{\"1\":[\"str\",1,\"x\"],\"-2\":[\"str\",0]}]}}", NULL},
    {"{\"17\":{\"map\":[\"rec\",\"i32\",2,{{\"1\":{\"dbl\":1}}:2,{\"1\":{\"dbl\":3}}:4}]}}", NULL},
    {"{\"18\":{\"map\":[\"tf\",\"dbl\",2,{\"1\":0.5,\"0\":\"NaN\"}]}}", NULL},
    {"{\"19\":{\"map\":[\"i32\",\"str\",1,{\"9\":\"AAA\"}]}}", NULL},
    {"{\"20\":{\"map\":[\"dbl\",\"tf\",2,{\"1.5\":1,\"NaN\":0}]}}", NULL},
    {"{\"21\":{\"map\":[\"lst\",\"rec\",1,{[\"i32\",2,1,2]:{\"1\":{\"dbl\":3}}}]}}", NULL},
    {"{\"22\":{\"map\":[\"str\",\"uid\",1,{\"AA\":\"00112233-4455-6677-8899-aabbccddeeff\"}]}}",
     NULL},
    {"{\"23\":{\"lst\":[\"lst\",2,[\"rec\",1,{\"1\":{\"dbl\":1}}],[\"rec\",0]]}}", NULL},
    {"{\"25\":{\"lst\":[\"tf\",2,1,0]},\"26\":{\"lst\":[\"rec\",1,{\"1\":{\"str\":\"c\"}}]}}",
     NULL},
    {"{\"27\":{\"map\":[\"i64\",\"map\",1,{\"5\":[\"str\",\"i32\",1,{\"a\":1}]}]}}", NULL},
    /* white space, any order, twice */
    {" { \"4\" : { \"i32\" : 7 } ,\n\"13\":{\"lst\": [ \"i32\" , 2 , 1 , 2 ] } } \r\n",
     "{\"4\":{\"i32\":7},\"13\":{\"lst\":[\"i32\",2,1,2]}}"},
    {"{\"5\":{\"i64\":1},\"4\":{\"i32\":2},\"5\":{\"i64\":3}}",
     "{\"4\":{\"i32\":2},\"5\":{\"i64\":3}}"},
    /* unknown fields, and known ones of another type */
    {"{\"99\":{\"rec\":{\"-1\":{\"map\":[\"rec\",\"lst\",1,{{}:[\"str\",1,\"x\"]}]}}},\"4\":{"
     "\"i32\":7}}",
     "{\"4\":{\"i32\":7}}"},
    {"{\"-5\":{\"dbl\":inf},\"4\":{\"i32\":7}}", "{\"4\":{\"i32\":7}}"},
    {"{\"4\":{\"str\":\"7\"},\"5\":{\"i64\":1}}", "{\"5\":{\"i64\":1}}"},
    {"{\"13\":{\"lst\":[\"str\",1,\"x\"]},\"14\":{\"lst\":[\"str\",1,\"x\"]},\"5\":{\"i64\":1}}",
     "{\"5\":{\"i64\":1}}"},
    {"{\"15\":{\"map\":[\"i32\",\"i64\",1,{\"1\":1}]},\"5\":{\"i64\":1}}", "{\"5\":{\"i64\":1}}"},
    {"{\"23\":{\"lst\":[\"lst\",2,[\"i32\",1,5],[\"rec\",0]]}}",
     "{\"23\":{\"lst\":[\"lst\",2,[\"rec\",0],[\"rec\",0]]}}"},
    /* a structure of nothing is a structure */
    {"{\"24\":{\"rec\":{\"2\":{\"rec\":{}}}}}", NULL},
};

START_TEST(good_texts)
{
    thrift_schema *schema = schema_of(json_definition);
    thrift_error err = THRIFT_ERROR_INIT;
    const char *want = good[_i].want != NULL ? good[_i].want : good[_i].text;
    char *got = converted(schema, "All", THRIFT_TJSON, good[_i].text, THRIFT_TJSON, NULL, &err);

    ck_assert_msg(got != NULL, "%s: %s: %s at %d", good[_i].text, err.source, err.message,
                  (int)err.offset);
    ck_assert_str_eq(got, want);
    free(got);
    thrift_schema_unref(schema);
}
END_TEST

static const struct {
    const char *text;
    thrift_status status;
    const char *path;
    uint64_t offset;
} bad[] = {
    {"", THRIFT_E_TRUNCATED, "", 0},
    {"{", THRIFT_E_TRUNCATED, "", 1},
    {"[]", THRIFT_E_CORRUPT, "", 0},
    {"{\"4\":{\"i32\":2147483648}}", THRIFT_E_RANGE, "id", 12},
    {"{\"4\":{\"i32\":-2147483649}}", THRIFT_E_RANGE, "id", 12},
    {"{\"4\":{\"i32\":99999999999999999999}}", THRIFT_E_RANGE, "id", 12},
    {"{\"2\":{\"i8\":128}}", THRIFT_E_RANGE, "tiny", 11},
    {"{\"3\":{\"i16\":-32769}}", THRIFT_E_RANGE, "small", 12},
    {"{\"5\":{\"i64\":9223372036854775808}}", THRIFT_E_RANGE, "big", 12},
    {"{\"1\":{\"tf\":2}}", THRIFT_E_RANGE, "truth", 11},
    {"{\"1\":{\"tf\":true}}", THRIFT_E_CORRUPT, "truth", 11},
    {"{\"4\":{\"i32\":\"7\"}}", THRIFT_E_CORRUPT, "id", 12},
    {"{\"4\":{\"i32\":1e3}}", THRIFT_E_CORRUPT, "id", 12},
    {"{\"4\":{\"i32\":1.0}}", THRIFT_E_CORRUPT, "id", 12},
    {"{\"4\":{\"i32\":0x1}}", THRIFT_E_CORRUPT, "id", 13},
    {"{\"4\":{\"i32\":+1}}", THRIFT_E_CORRUPT, "id", 12},
    {"{\"6\":{\"dbl\":1.}}", THRIFT_E_CORRUPT, "real", 12},
    {"{\"6\":{\"dbl\":1e}}", THRIFT_E_CORRUPT, "real", 12},
    {"{\"6\":{\"dbl\":01}}", THRIFT_E_CORRUPT, "real", 12},
    {"{\"6\":{\"dbl\":+1}}", THRIFT_E_CORRUPT, "real", 12},
    {"{\"6\":{\"dbl\":.5}}", THRIFT_E_CORRUPT, "real", 12},
    {"{\"6\":{\"dbl\":0x10}}", THRIFT_E_CORRUPT, "real", 13},
    {"{\"6\":{\"dbl\":1e999}}", THRIFT_E_RANGE, "real", 12},
    {"{\"6\":{\"dbl\":\"1.5\"}}", THRIFT_E_CORRUPT, "real", 12},
    {"{\"6\":{\"dbl\":infinite}}", THRIFT_E_CORRUPT, "real", 12},
    {"{\"7\":{\"str\":\"\\q\"}}", THRIFT_E_CORRUPT, "text", 16},
    {"{\"7\":{\"str\":\"\\u12\"}}", THRIFT_E_CORRUPT, "text", 18},
    {"{\"7\":{\"str\":\"\\ud800\"}}", THRIFT_E_CORRUPT, "text", 20},
    {"{\"7\":{\"str\":\"\\udc00\"}}", THRIFT_E_CORRUPT, "text", 20},
    {"{\"7\":{\"str\":\"\\ud800\\ud800\"}}", THRIFT_E_CORRUPT, "text", 26},
    {"{\"7\":{\"str\":\"\xff\xfe\"}}", THRIFT_E_CORRUPT, "text", 16},
    {"{\"7\":{\"str\":\"a\n\"}}", THRIFT_E_CORRUPT, "text", 16},
    {"{\"7\":{\"str\":\"abc}}", THRIFT_E_TRUNCATED, "text", 18},
    {"{\"8\":{\"str\":\"Y\"}}", THRIFT_E_CORRUPT, "raw", 12},
    {"{\"8\":{\"str\":\"Y-Q=\"}}", THRIFT_E_CORRUPT, "raw", 12},
    {"{\"9\":{\"uid\":\"0011\"}}", THRIFT_E_CORRUPT, "key", 12},
    {"{\"13\":{\"lst\":[\"i32\",-1]}}", THRIFT_E_CORRUPT, "numbers", 22},
    {"{\"13\":{\"lst\":[\"i32\",2147483647]}}", THRIFT_E_LIMIT, "numbers", 30},
    {"{\"13\":{\"lst\":[\"i32\",3,1,2]}}", THRIFT_E_CORRUPT, "numbers[1]", 25},
    {"{\"13\":{\"lst\":[\"i32\",1,1,2]}}", THRIFT_E_CORRUPT, "numbers[0]", 23},
    {"{\"13\":{\"lst\":[\"i32\",2,1,x]}}", THRIFT_E_CORRUPT, "numbers[1]", 24},
    {"{\"15\":{\"map\":[\"str\",\"i64\",1,{\"a\":x}]}}", THRIFT_E_CORRUPT, "counts{\"a\"}", 33},
    {"{\"16\":{\"map\":[\"i32\",\"lst\",1,{1:[\"str\",0]}]}}", THRIFT_E_CORRUPT, "names{#0}", 29},
    {"{\"26\":{\"lst\":[\"rec\",1,{}]}}", THRIFT_E_CORRUPT, "choices[0]", 24},
    {"{\"12\":{\"rec\":{\"2\":{\"i32\":3},\"1\":{\"str\":\"a\"}}}}", THRIFT_E_CORRUPT, "choice",
     44},
    {"{\"99\":{\"xyz\":1}}", THRIFT_E_CORRUPT, "", 7},
    {"{\"99\":{\"i32\":x}}", THRIFT_E_CORRUPT, "", 13},
    {"{\"99\":{\"str\":\"\xff\"}}", THRIFT_E_CORRUPT, "", 16},
    {"{\"x\":{\"i32\":1}}", THRIFT_E_CORRUPT, "", 2},
    {"{\"40000\":{\"i32\":1}}", THRIFT_E_RANGE, "", 2},
    {"{\"4\":{\"i32\":1},}", THRIFT_E_CORRUPT, "", 15},
    {"{,\"4\":{\"i32\":1}}", THRIFT_E_CORRUPT, "", 2},
    {"{\"4\":{\"i32\":1}", THRIFT_E_TRUNCATED, "", 14},
    {"{\"4\":{\"i32\":1,\"i32\":2}}", THRIFT_E_CORRUPT, "id", 13},
    {"{\"4\":{\"i32\":7}}xx", THRIFT_E_TRAILING, "", 15},
};

START_TEST(bad_texts)
{
    thrift_schema *schema = schema_of(json_definition);
    thrift_error err = THRIFT_ERROR_INIT;
    char *got = converted(schema, "All", THRIFT_TJSON, bad[_i].text, THRIFT_TJSON, NULL, &err);

    ck_assert_msg(got == NULL, "%s", bad[_i].text);
    ck_assert_msg(err.code == bad[_i].status, "%s: %s", bad[_i].text, err.message);
    ck_assert_msg(strcmp(err.source, bad[_i].path) == 0, "%s: %s (%s)", bad[_i].text, err.source,
                  err.message);
    ck_assert_msg(err.offset == bad[_i].offset, "%s: byte %d", bad[_i].text, (int)err.offset);
    thrift_schema_unref(schema);
}
END_TEST

static const struct {
    const char *text;
    unsigned accept, refuse;
    thrift_on_unknown unknown;
    thrift_status status;
    const char *want;
} policies[] = {
    /* Python and node leave what has no letter as it is; \t is more than that. */
    {"{\"7\":{\"str\":\"a\x01\"}}", 0, 0, 0, THRIFT_OK, "{\"7\":{\"str\":\"a\\u0001\"}}"},
    {"{\"99\":{\"str\":\"a\x1f\v\"}}", 0, 0, 0, THRIFT_OK, "{}"},
    {"{\"7\":{\"str\":\"a\x01\"}}", 0, THRIFT_ACCEPT_UTF8, 0, THRIFT_E_CORRUPT, NULL},
    {"{\"7\":{\"str\":\"a\t\"}}", 0, 0, 0, THRIFT_E_CORRUPT, NULL},
    {"{\"99\":{\"str\":\"a\t\"}}", 0, 0, 0, THRIFT_E_CORRUPT, NULL},
    {"{\"7\":{\"str\":\"a\t\"}}", THRIFT_ACCEPT_UTF8, 0, 0, THRIFT_OK,
     "{\"7\":{\"str\":\"a\\t\"}}"},
    {"{\"7\":{\"str\":\"\xff\"}}", THRIFT_ACCEPT_UTF8, 0, 0, THRIFT_E_CORRUPT, NULL},
    {"{\"4\":{\"str\":\"7\"}}", 0, THRIFT_ACCEPT_MISMATCH, 0, THRIFT_E_TYPE, NULL},
    {"{\"13\":{\"lst\":[\"str\",0]}}", 0, THRIFT_ACCEPT_MISMATCH, 0, THRIFT_E_TYPE, NULL},
    {"{\"15\":{\"map\":[\"str\",\"i32\",0,{}]}}", 0, THRIFT_ACCEPT_MISMATCH, 0, THRIFT_E_TYPE,
     NULL},
    {"{\"99\":{\"i32\":7}}", 0, 0, THRIFT_UNKNOWN_REFUSE, THRIFT_E_NAME, NULL},
    {"{\"-3\":{\"rec\":{}},\"4\":{\"i32\":1},\"99\":{\"map\":[\"str\",\"tf\",1,{\"a\" : 1}]}}", 0,
     0, THRIFT_UNKNOWN_KEEP, THRIFT_OK, NULL},
    {"{\"12\":{\"rec\":{}}}", THRIFT_ACCEPT_UNION, 0, 0, THRIFT_OK, NULL},
    {"{\"12\":{\"rec\":{\"2\":{\"i32\":3},\"1\":{\"str\":\"a\"}}}}", THRIFT_ACCEPT_UNION, 0, 0,
     THRIFT_OK, "{\"12\":{\"rec\":{\"1\":{\"str\":\"a\"}}}}"},
    {"{\"10\":{\"i32\":9}}", 0, THRIFT_ACCEPT_ENUM, 0, THRIFT_E_RANGE, NULL},
    {"{\"4\":{\"i32\":1},\"4\":{\"i32\":1}}", 0, THRIFT_ACCEPT_DUPLICATES, 0, THRIFT_E_CORRUPT,
     NULL},
    {"{\"14\":{\"set\":[\"str\",2,\"a\",\"a\"]}}", 0, THRIFT_ACCEPT_DUPLICATES, 0, THRIFT_E_CORRUPT,
     NULL},
    {"{\"15\":{\"map\":[\"str\",\"i64\",2,{\"a\":1,\"a\":1}]}}", 0, THRIFT_ACCEPT_DUPLICATES, 0,
     THRIFT_E_CORRUPT, NULL},
    {"{} x", THRIFT_ACCEPT_TRAILING, 0, 0, THRIFT_OK, "{}"},
};

START_TEST(policies_hold)
{
    thrift_schema *schema = schema_of(json_definition);
    thrift_error err = THRIFT_ERROR_INIT;
    const thrift_codec_options *options =
        THRIFT_CODEC_OPTIONS(.accept = policies[_i].accept, .refuse = policies[_i].refuse,
                             .unknown = policies[_i].unknown);
    const char *want = policies[_i].want != NULL ? policies[_i].want : policies[_i].text;
    char *got =
        converted(schema, "All", THRIFT_TJSON, policies[_i].text, THRIFT_TJSON, options, &err);

    ck_assert_msg(err.code == policies[_i].status, "%s: %s", policies[_i].text, err.message);
    ck_assert_int_eq(got != NULL, policies[_i].status == THRIFT_OK);
    if (got != NULL) {
        ck_assert_str_eq(got, want);
    }
    free(got);
    thrift_schema_unref(schema);
}
END_TEST

START_TEST(required_fields_must_be_there)
{
    thrift_schema *schema = schema_of(json_definition);
    thrift_error err = THRIFT_ERROR_INIT;

    ck_assert_ptr_null(thrift_decode(schema, "Failure", THRIFT_TJSON, bytes_of("{}"), NULL, &err));
    ck_assert_int_eq(err.code, THRIFT_E_REQUIRED);
    ck_assert_str_eq(err.source, "code");
    thrift_schema_unref(schema);
}
END_TEST

/* `depth` nodes, the innermost empty; known, or under a field that nobody knows. */
static char *nested(unsigned depth, const char *open, const char *close)
{
    char *text = calloc(depth + 1, strlen(open) + strlen(close) + 2);

    ck_assert_ptr_nonnull(text);
    for (unsigned i = 1; i < depth; i++) {
        strcat(text, open);
    }
    strcat(text, "{}");
    for (unsigned i = 1; i < depth; i++) {
        strcat(text, close);
    }
    return text;
}

START_TEST(depth_is_limited)
{
    static const char *const opens[] = {"{\"2\":{\"rec\":", "{\"7\":{\"rec\":"};
    thrift_schema *schema = schema_of(json_definition);

    for (int known = 0; known < 2; known++) {
        for (unsigned depth = 62; depth < 68; depth++) {
            char *text = nested(depth, opens[known], "}}");
            thrift_error err = THRIFT_ERROR_INIT;
            char *got = converted(schema, "Node", THRIFT_TJSON, text, THRIFT_TJSON, NULL, &err);

            ck_assert_msg((got != NULL) == (depth <= 64), "%u %d", depth, known);
            ck_assert_int_eq(err.code, depth <= 64 ? THRIFT_OK : THRIFT_E_LIMIT);
            free(got);
            free(text);
        }
    }
    thrift_schema_unref(schema);
}
END_TEST

/* ---- Apache's bytes ---- */

static const char *const vectors[] = {"Every-common",      "Every-long",  "Every-choice",
                                      "Point-plain",       "Empty-empty", "Choice-text",
                                      "Defaults-defaults", "Every-full"};
#define OF_NODE (int)(COUNT_OF(vectors) - 1)

static thrift_record *load(const thrift_schema *schema, int i, const char *suffix,
                           thrift_protocol protocol)
{
    char file[64], type[32];
    thrift_bytes bytes;
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_record *record;

    (void)snprintf(file, sizeof file, "%s.%s", vectors[i], suffix);
    (void)snprintf(type, sizeof type, "%.*s", (int)strcspn(vectors[i], "-"), vectors[i]);
    bytes = vector_of(file);
    record = thrift_decode(schema, type, protocol, bytes, NULL, &err);
    ck_assert_msg(record != NULL, "%s: %s: %s", file, err.source, err.message);
    vector_free(bytes);
    return record;
}

START_TEST(apache_writes_the_same_value)
{
    thrift_schema *schema = vector_schema();
    thrift_record *binary = load(schema, _i, "binary", THRIFT_BINARY);
    thrift_record *python = load(schema, _i, "tjson", THRIFT_TJSON);
    thrift_record *cpp = load(schema, _i, "cpp.tjson", THRIFT_TJSON);
    thrift_error err = THRIFT_ERROR_INIT;
    char name[64];
    thrift_bytes want;
    thrift_buffer out = THRIFT_BUFFER_INIT;

    ck_assert(thrift_record_equal(binary, python));
    /* Byte for byte what C++ makes of the same binary value, where that has all its structs: one
     * that was never set is written empty here, and with zeros by C++. */
    (void)snprintf(name, sizeof name, "%s.cpp.tjson", vectors[_i]);
    want = vector_of(name);
    ck_assert_int_eq(thrift_encode(binary, THRIFT_TJSON, NULL, &out, &err), THRIFT_OK);
    ck_assert_msg(strcmp(vectors[_i], "Every-choice") == 0 ||
                      (out.size == want.size && memcmp(out.data, want.data, out.size) == 0),
                  "%s", name);
    out.size = 0;
    ck_assert_int_eq(thrift_encode(cpp, THRIFT_TJSON, NULL, &out, &err), THRIFT_OK);
    ck_assert_msg(out.size == want.size && memcmp(out.data, want.data, out.size) == 0, "%s", name);
    thrift_buffer_deinit(&out);
    vector_free(want);
    thrift_record_free(binary);
    thrift_record_free(python);
    thrift_record_free(cpp);
    thrift_schema_unref(schema);
}
END_TEST

START_TEST(node_writes_the_same_value)
{
    thrift_schema *schema = vector_schema();
    thrift_record *binary = load(schema, _i, "node.binary", THRIFT_BINARY);
    thrift_record *tjson = load(schema, _i, "node.tjson", THRIFT_TJSON);

    ck_assert_msg(thrift_record_equal(binary, tjson), "%s", vectors[_i]);
    thrift_record_free(binary);
    thrift_record_free(tjson);
    thrift_schema_unref(schema);
}
END_TEST

/* Of Python and node what has no number or text that they write in ways of their own: Python
 * escapes
 * '/', pads base64 and leaves control characters raw, node has the digits of JavaScript. */
static const char *const plain_vectors[] = {
    "Choice-text.tjson",      "Defaults-defaults.tjson",
    "Empty-empty.tjson",      "Every-choice.tjson",
    "Point-plain.tjson",      "Choice-text.node.tjson",
    "Empty-empty.node.tjson", "Defaults-defaults.node.tjson",
    "Every-choice.node.tjson"};

START_TEST(python_and_node_written_back_byte_for_byte)
{
    const thrift_codec_options *options = THRIFT_CODEC_OPTIONS(.no_defaults = true);
    thrift_schema *schema = vector_schema();
    thrift_bytes bytes = vector_of(plain_vectors[_i]);
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_buffer out = THRIFT_BUFFER_INIT;
    thrift_record *record;
    char type[32];

    (void)snprintf(type, sizeof type, "%.*s", (int)strcspn(plain_vectors[_i], "-"),
                   plain_vectors[_i]);
    record = thrift_decode(schema, type, THRIFT_TJSON, bytes, NULL, &err);
    ck_assert_msg(record != NULL, "%s: %s", err.source, err.message);
    ck_assert_int_eq(thrift_encode(record, THRIFT_TJSON, options, &out, &err), THRIFT_OK);
    ck_assert_msg(out.size == bytes.size && memcmp(out.data, bytes.data, out.size) == 0, "%s",
                  plain_vectors[_i]);
    thrift_buffer_deinit(&out);
    thrift_record_free(record);
    vector_free(bytes);
    thrift_schema_unref(schema);
}
END_TEST

/* ---- damage ---- */

START_TEST(every_prefix_is_an_error)
{
    thrift_schema *schema = vector_schema();
    thrift_bytes whole = vector_of("Every-full.cpp.tjson");

    for (size_t size = 0; size < whole.size; size++) {
        thrift_bytes part = exact_of(whole.data, size);
        thrift_error err = THRIFT_ERROR_INIT;

        ck_assert_ptr_null(thrift_decode(schema, "Every", THRIFT_TJSON, part, NULL, &err));
        ck_assert_msg(err.code == THRIFT_E_TRUNCATED || err.code == THRIFT_E_CORRUPT, "%d: %s",
                      (int)size, err.message);
        vector_free(part);
    }
    vector_free(whole);
    thrift_schema_unref(schema);
}
END_TEST

START_TEST(no_flipped_bit_does_harm)
{
    thrift_schema *schema = vector_schema();
    thrift_bytes whole = vector_of("Every-full.cpp.tjson");
    uint8_t *data = (uint8_t *)(uintptr_t)whole.data;

    for (size_t bit = 0; bit < 8 * whole.size; bit++) {
        thrift_error err = THRIFT_ERROR_INIT;
        thrift_record *record;

        data[bit / 8] ^= (uint8_t)(1u << bit % 8);
        record = thrift_decode(schema, "Every", THRIFT_TJSON, whole, NULL, &err);
        ck_assert_int_eq(record != NULL, err.code == THRIFT_OK);
        thrift_record_free(record);
        data[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    vector_free(whole);
    thrift_schema_unref(schema);
}
END_TEST

START_TEST(every_failing_allocation_is_an_error)
{
    thrift_bytes bytes = vector_of("Every-full.cpp.tjson");

    for (size_t k = 1;; k++) {
        struct failing_allocator memory = {.fail_at = k};
        thrift_allocator allocator = failing_allocator_of(&memory);
        thrift_error err = THRIFT_ERROR_INIT;
        thrift_schema *schema = thrift_load_with(
            VECTORS "/vectors.thrift", THRIFT_LOAD_OPTIONS(.allocator = &allocator), &err);
        thrift_record *record = thrift_decode(schema, "Every", THRIFT_TJSON, bytes, NULL, &err);
        thrift_buffer out = {NULL, 0, 0, allocator};

        if (record != NULL) {
            (void)thrift_encode(record, THRIFT_TJSON, NULL, &out, &err);
        }
        ck_assert(err.code == THRIFT_OK || err.code == THRIFT_E_NOMEM);
        thrift_buffer_deinit(&out);
        thrift_record_free(record);
        thrift_schema_unref(schema);
        ck_assert_uint_eq(memory.live, 0);
        if (memory.count < k) {
            ck_assert_int_eq(err.code, THRIFT_OK);
            break;
        }
    }
    vector_free(bytes);
}
END_TEST

START_TEST(memory_is_bounded)
{
    thrift_schema *schema = schema_of(json_definition);
    thrift_limits limits = THRIFT_LIMITS_INIT;
    thrift_error err = THRIFT_ERROR_INIT;
    const thrift_codec_options *options = THRIFT_CODEC_OPTIONS(.limits = &limits);
    char text[6000];

    /* More than a root begins with, on any machine. */
    (void)snprintf(text, sizeof text,
                   "{\"13\":{\"lst\":[\"i32\",3,1,2,3]},\"7\":{\"str\":\"%05000d\"}}", 0);
    limits.max_message_memory = 600;
    ck_assert_ptr_null(converted(schema, "All", THRIFT_TJSON, text, THRIFT_TJSON, options, &err));
    ck_assert_int_eq(err.code, THRIFT_E_LIMIT);
    limits.max_message_memory = 0;
    limits.max_string_size = 3;
    ck_assert_ptr_null(converted(schema, "All", THRIFT_TJSON, "{\"7\":{\"str\":\"abcd\"}}",
                                 THRIFT_TJSON, options, &err));
    ck_assert_int_eq(err.code, THRIFT_E_LIMIT);
    limits.max_container_count = 2;
    ck_assert_ptr_null(converted(schema, "All", THRIFT_TJSON,
                                 "{\"13\":{\"lst\":[\"i32\",3,1,2,3]}}", THRIFT_TJSON, options,
                                 &err));
    ck_assert_int_eq(err.code, THRIFT_E_LIMIT);
    thrift_schema_unref(schema);
}
END_TEST

/* Fields that nobody knows, kept and written in another protocol. */
START_TEST(unknown_fields_cross_protocols)
{
    static const char text[] = "{\"4\":{\"i32\":1},\"99\":{\"lst\":[\"str\",2,\"a\\n\",\"b\"]},"
                               "\"100\":{\"tf\":1}}";
    thrift_schema *schema = schema_of(json_definition);
    const thrift_codec_options *keep = THRIFT_CODEC_OPTIONS(.unknown = THRIFT_UNKNOWN_KEEP);
    static const thrift_protocol others[] = {THRIFT_BINARY, THRIFT_COMPACT};

    for (size_t i = 0; i < COUNT_OF(others); i++) {
        thrift_error err = THRIFT_ERROR_INIT;
        thrift_buffer out = THRIFT_BUFFER_INIT, back = THRIFT_BUFFER_INIT;
        thrift_record *record =
            thrift_decode(schema, "All", THRIFT_TJSON, bytes_of(text), keep, &err);

        ck_assert_int_eq(thrift_encode(record, others[i], keep, &out, &err), THRIFT_OK);
        thrift_record_free(record);
        record =
            thrift_decode(schema, "All", others[i], (thrift_bytes){out.data, out.size}, keep, &err);
        ck_assert_msg(thrift_encode(record, THRIFT_TJSON, keep, &back, &err) == THRIFT_OK, "%s",
                      err.message);
        ck_assert(back.size == sizeof text - 1 && memcmp(back.data, text, back.size) == 0);
        thrift_record_free(record);
        thrift_buffer_deinit(&out);
        thrift_buffer_deinit(&back);
    }
    thrift_schema_unref(schema);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_loop_test(tests, good_texts, 0, (int)COUNT_OF(good));
    tcase_add_loop_test(tests, bad_texts, 0, (int)COUNT_OF(bad));
    tcase_add_loop_test(tests, policies_hold, 0, (int)COUNT_OF(policies));
    tcase_add_test(tests, unknown_fields_cross_protocols);
    tcase_add_test(tests, required_fields_must_be_there);
    tcase_add_test(tests, depth_is_limited);
    tcase_add_loop_test(tests, apache_writes_the_same_value, 0, (int)COUNT_OF(vectors));
    tcase_add_loop_test(tests, node_writes_the_same_value, 0, OF_NODE);
    tcase_add_loop_test(tests, python_and_node_written_back_byte_for_byte, 0,
                        (int)COUNT_OF(plain_vectors));
    tcase_add_test(tests, every_prefix_is_an_error);
    tcase_add_test(tests, no_flipped_bit_does_harm);
    tcase_add_test(tests, every_failing_allocation_is_an_error);
    tcase_add_test(tests, memory_is_bounded);
}

SUITE_MAIN("codec/decode_tjson")
