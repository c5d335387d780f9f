/*
 * Any bytes as an encoded struct: they decode or they fail, and what decodes and can be written can
 * be read and written again. The first byte chooses leniency and limits.
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
    " 6: binary b, 7: U u, 8: set<string> ss, 9: required i32 req, 10: double d, 11: uuid id,\n"
    " 12: byte tiny, 13: i16 small, 14: E e2, 15: map<string, list<map<i64, U>>> deep,\n"
    " 16: optional string o = \"default\", 17: list<double> ds, 18: list<i16> hs }\n";

static void round_trip(thrift_schema *schema, const thrift_record *record,
                       const thrift_codec_options *options)
{
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_buffer out = THRIFT_BUFFER_INIT, again = THRIFT_BUFFER_INIT;
    thrift_record *back = NULL;

    if (thrift_encode(record, THRIFT_BINARY, options, &out, &err) == THRIFT_OK) {
        thrift_bytes bytes = {out.data, out.size};

        back = thrift_decode(schema, "All", THRIFT_BINARY, bytes, options, &err);
        /* What was written is read, if it is not too big, and written again. */
        if (back == NULL ? err.code != THRIFT_E_LIMIT
                         : thrift_encode(back, THRIFT_BINARY, options, &again, &err) != THRIFT_OK) {
            thrift_error_print(&err, stderr);
            abort();
        }
    }
    thrift_record_free(back);
    thrift_buffer_deinit(&out);
    thrift_buffer_deinit(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static thrift_schema *schema;
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_limits limits = THRIFT_LIMITS_INIT;
    thrift_codec_options options = THRIFT_CODEC_OPTIONS_INIT;

    if (schema == NULL) {
        schema = thrift_load_text("fuzz.thrift", definition, NULL, &err);
    }
    if (schema == NULL) {
        thrift_error_print(&err, stderr);
        abort();
    }
    if (size < 1) {
        return 0;
    }
    limits.max_message_memory = (size_t)8 << 20;
    options.accept = data[0] & 0x7fu;
    options.limits = &limits;
    thrift_bytes input = {data + 1, size - 1};
    thrift_record *record = thrift_decode(schema, "All", THRIFT_BINARY, input, &options, &err);

    if (record != NULL) {
        round_trip(schema, record, &options);
    } else if (err.code == THRIFT_OK) {
        abort();
    }
    thrift_record_free(record);
    return 0;
}
