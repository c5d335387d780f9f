/*
 * Any bytes as TJSON and as plain JSON: they decode or they fail, and what decodes can be written
 * in either, read again and is the same then. The first byte chooses the dialect and leniency.
 */
#include <rethrift/codec.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char definition[] =
    "enum E { A = 1, B = 2 }\n"
    "struct Empty {}\n"
    "union U { 1: string s, 2: i32 i, 3: Empty e }\n"
    "struct Node { 1: optional list<Node> kids, 2: optional i64 n }\n"
    "struct All { 1: optional list<Empty> e, 2: optional Node n, 3: optional list<bool> f,\n"
    " 4: optional map<i32, i32> m, 5: optional string s, 6: optional binary b, 7: optional U u,\n"
    " 8: optional set<string> ss, 9: optional i32 i, 10: optional double d, 11: optional uuid id,\n"
    " 12: optional byte tiny, 13: optional i16 small, 14: optional E e2,\n"
    " 15: optional map<string, list<map<i64, U>>> deep, 16: optional map<Node, double> nodes,\n"
    " 17: optional map<list<i32>, bool> lists, 18: optional map<double, E> reals }\n";

static const char *const paths[] = {
    "i",    "s",   "b",   "d",           "id",         "e2",   "tiny",
    "m{1}", "n.n", "u.i", "n.kids[0].n", "reals{1.5}", "f[1]", "deep{\"a\"}[0]{1}.i"};

static void fail(const thrift_error *err)
{
    thrift_error_print(err, stderr);
    abort();
}

/* What was decoded is written, read, and equal. */
static void round_trip(thrift_schema *schema, const thrift_record *record, thrift_protocol protocol)
{
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_buffer out = THRIFT_BUFFER_INIT;
    thrift_record *back;

    if (thrift_encode(record, protocol, NULL, &out, &err) != THRIFT_OK) {
        fail(&err);
    }
    back = thrift_decode(schema, "All", protocol, (thrift_bytes){out.data, out.size}, NULL, &err);
    if (back == NULL && err.code != THRIFT_E_LIMIT) {
        fail(&err);
    }
    if (back != NULL && !thrift_record_equal(record, back)) {
        (void)fprintf(stderr, "not the same again: %.*s\n", (int)out.size, (char *)out.data);
        abort();
    }
    thrift_record_free(back);
    thrift_buffer_deinit(&out);
}

static bool same_leaf(thrift_value a, thrift_value b)
{
    switch (a.kind) {
    case THRIFT_KIND_STRING:
    case THRIFT_KIND_BINARY:
        return b.kind == a.kind && a.as.bytes.size == b.as.bytes.size &&
               (a.as.bytes.size == 0 ||
                memcmp(a.as.bytes.data, b.as.bytes.data, a.as.bytes.size) == 0);
    case THRIFT_KIND_DOUBLE:
        return b.kind == a.kind && memcmp(&a.as.real, &b.as.real, sizeof a.as.real) == 0;
    case THRIFT_KIND_BOOL:
        return b.kind == a.kind && a.as.boolean == b.as.boolean;
    case THRIFT_KIND_UUID:
        return b.kind == a.kind && memcmp(&a.as.uuid, &b.as.uuid, sizeof a.as.uuid) == 0;
    case THRIFT_KIND_NONE:
    case THRIFT_KIND_I8:
    case THRIFT_KIND_I16:
    case THRIFT_KIND_I32:
    case THRIFT_KIND_I64:
    case THRIFT_KIND_ENUM:
    case THRIFT_KIND_RECORD:
    case THRIFT_KIND_LIST:
    case THRIFT_KIND_SET:
    case THRIFT_KIND_MAP:
        break;
    }
    return b.kind == a.kind && a.as.integer == b.as.integer;
}

/* What was set is there, what was removed is not; what decoded before decodes afterwards. */
static void patch(const thrift_schema *schema, thrift_protocol protocol, thrift_bytes input,
                  const char *path, thrift_value value, bool decodes)
{
    const thrift_codec_options *lenient = THRIFT_CODEC_OPTIONS(.accept = UINT32_MAX);
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_buffer out = THRIFT_BUFFER_INIT;
    thrift_bytes patched;
    thrift_record *record;
    thrift_value there;

    if (thrift_patch(schema, "All", protocol, input, path, value, &out, NULL) != THRIFT_OK) {
        thrift_buffer_deinit(&out);
        return;
    }
    patched = (thrift_bytes){out.data, out.size};
    if (value.kind != THRIFT_KIND_NONE &&
        (thrift_peek(schema, "All", protocol, patched, path, &there, &err) != THRIFT_OK ||
         there.kind == THRIFT_KIND_NONE)) {
        (void)fprintf(stderr, "nothing at %s: %.*s\n", path, (int)out.size, (char *)out.data);
        fail(&err);
    }
    record = thrift_decode(schema, "All", protocol, patched, lenient, &err);
    if (record == NULL && decodes && err.code != THRIFT_E_LIMIT) {
        (void)fprintf(stderr, "patched at %s: %.*s\n", path, (int)out.size, (char *)out.data);
        fail(&err);
    }
    thrift_record_free(record);
    thrift_buffer_deinit(&out);
}

/* What a path leads to is what the record has there, when nothing is there twice. */
static void partial(const thrift_schema *schema, const thrift_record *record,
                    thrift_protocol protocol, thrift_bytes input, bool unique)
{
    thrift_buffer memory = THRIFT_BUFFER_INIT;

    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        thrift_error err = THRIFT_ERROR_INIT;
        thrift_value value;
        thrift_status status =
            thrift_peek_copy(schema, "All", protocol, input, paths[i], &memory, &value, &err);

        if (record != NULL && unique) {
            bool has = thrift_has(record, paths[i]);

            if (status != THRIFT_OK || has != (value.kind != THRIFT_KIND_NONE) ||
                (has && !same_leaf(thrift_get(record, paths[i]), value))) {
                (void)fprintf(stderr, "another value at %s\n", paths[i]);
                fail(&err);
            }
        }
        patch(schema, protocol, input, paths[i], thrift_value_integer(1), record != NULL);
        patch(schema, protocol, input, paths[i], thrift_value_none(NULL), record != NULL);
    }
    thrift_buffer_deinit(&memory);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static thrift_schema *schema;
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_codec_options options = THRIFT_CODEC_OPTIONS_INIT;
    thrift_protocol protocol;
    thrift_record *record;

    if (schema == NULL) {
        schema = thrift_load_text("fuzz.thrift", definition, NULL, &err);
    }
    if (schema == NULL) {
        fail(&err);
    }
    if (size < 1) {
        return 0;
    }
    options.unknown = (thrift_on_unknown)(data[0] >> 1 & 1);
    options.refuse = data[0] >> 2 & 1 ? THRIFT_ACCEPT_DUPLICATES : 0;
    options.strings = (data[0] >> 3 & 1) != 0 ? THRIFT_DECODE_VIEWS : THRIFT_DECODE_COPIES;
    protocol = data[0] & 1 ? THRIFT_PLAIN_JSON : THRIFT_TJSON;
    record =
        thrift_decode(schema, "All", protocol, (thrift_bytes){data + 1, size - 1}, &options, &err);
    if ((data[0] >> 4 & 1) != 0) {
        partial(schema, record, protocol, (thrift_bytes){data + 1, size - 1}, options.refuse != 0);
    }
    if (record != NULL) {
        round_trip(schema, record, THRIFT_TJSON);
        round_trip(schema, record, THRIFT_PLAIN_JSON);
    }
    thrift_record_free(record);
    return 0;
}
