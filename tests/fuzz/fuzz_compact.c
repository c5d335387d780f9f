/*
 * Any bytes as compact or as messages: whole, in parts, changed, dumped, and against binary. What
 * decodes is the same value after a detour through binary, with and without a definition.
 * The first byte chooses between compact and binary.
 */
#include <rethrift/codec.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char definition[] =
    "enum E { A = 1, B = 2 }\n"
    "struct Empty {}\n"
    "union U { 1: string s, 2: i32 i, 3: Empty e }\n"
    "struct Node { 1: optional list<Node> kids, 2: i64 n = 7 }\n"
    "struct All { 1: list<Empty> e, 2: Node n, 3: list<bool> f, 4: map<i32, i32> m, 5: string s,\n"
    " 6: binary b, 7: U u, 8: set<string> ss, 9: i32 req, 10: double d, 11: uuid id,\n"
    " 12: byte tiny, 13: i16 small, 14: E e2, 15: map<string, list<map<i64, U>>> deep,\n"
    " 16: optional string o = \"default\", 17: list<double> ds, 18: bool t, 300: i32 far }\n";

static void require(bool condition, const thrift_error *err)
{
    if (!condition) {
        thrift_error_print(err, stderr);
        abort();
    }
}

/* Value -> the other protocol -> value. */
static void detour(thrift_schema *schema, const thrift_record *record, thrift_protocol other)
{
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_buffer out = THRIFT_BUFFER_INIT;

    if (thrift_encode(record, other, THRIFT_CODEC_OPTIONS(.no_defaults = true), &out, &err) ==
        THRIFT_OK) {
        thrift_record *back =
            thrift_decode(schema, "All", other, (thrift_bytes){out.data, out.size}, NULL, &err);

        require(back != NULL || err.code == THRIFT_E_LIMIT, &err);
        require(back == NULL || thrift_record_equal(record, back), &err);
        thrift_record_free(back);
    }
    thrift_buffer_deinit(&out);
}

static void parts(thrift_schema *schema, thrift_protocol protocol, thrift_bytes input)
{
    static const char *const paths[] = {"req",   "n.kids[1].n", "deep{\"k\"}[0]{5}.i", "t", "m{3}",
                                        "ds[2]", "far"};

    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        thrift_buffer out = THRIFT_BUFFER_INIT;
        thrift_value value;

        (void)thrift_peek(schema, "All", protocol, input, paths[i], &value, NULL);
        (void)thrift_patch(schema, "All", protocol, input, paths[i], thrift_value_integer(1), &out,
                           NULL);
        (void)thrift_patch(schema, "All", protocol, input, paths[i], thrift_value_none(NULL), &out,
                           NULL);
        thrift_buffer_deinit(&out);
    }
}

static void without_definition(thrift_protocol protocol, thrift_protocol other, thrift_bytes input)
{
    static FILE *nowhere;
    thrift_buffer out = THRIFT_BUFFER_INIT, back = THRIFT_BUFFER_INIT;
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_bytes stream = input;
    thrift_message message;

    if (nowhere == NULL) {
        nowhere = fopen("/dev/null", "w");
    }
    (void)thrift_dump(protocol, input, nowhere, &err);
    while (thrift_message_next(&stream, &message, NULL, &err) == THRIFT_OK) {
        out.size = 0;
        require(thrift_message_append(&message, true, &out, &err) == THRIFT_OK, &err);
    }
    out.size = 0;
    if (thrift_transcode(NULL, NULL, protocol, input, other, NULL, &out, &err) == THRIFT_OK) {
        require(thrift_transcode(NULL, NULL, other, (thrift_bytes){out.data, out.size}, protocol,
                                 NULL, &back, &err) == THRIFT_OK,
                &err);
    }
    thrift_buffer_deinit(&out);
    thrift_buffer_deinit(&back);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static thrift_schema *schema;
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_protocol protocol, other;
    thrift_record *record;
    thrift_bytes input;

    if (schema == NULL) {
        schema = thrift_load_text("fuzz.thrift", definition, NULL, &err);
    }
    require(schema != NULL, &err);
    if (size == 0) {
        return 0;
    }
    protocol = data[0] & 1 ? THRIFT_BINARY : THRIFT_COMPACT;
    other = data[0] & 1 ? THRIFT_COMPACT : THRIFT_BINARY;
    input = (thrift_bytes){data + 1, size - 1};
    record = thrift_decode(schema, "All", protocol, input, NULL, &err);
    if (record != NULL) {
        detour(schema, record, other);
    }
    thrift_record_free(record);
    parts(schema, protocol, input);
    without_definition(protocol, other, input);
    return 0;
}
