/*
 * One protocol against all others: what decodes from one is written in each, read again and the
 * same, and so are its bytes transcoded without a value. The first byte chooses protocol and
 * policy.
 *
 * What may differ: JSON holds no string that is not UTF-8, and one NaN; limits are other bytes
 * apart. NaNs are left out by comparing what both are in plain JSON, which has no place for kept
 * unknown fields either.
 *
 * A fuzzer goes into one other protocol in each run, which the first byte chooses, too, and so is
 * three times as fast; a replay goes into all.
 */
#include <rethrift/codec.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const thrift_protocol protocols[] = {THRIFT_BINARY, THRIFT_COMPACT, THRIFT_TJSON,
                                            THRIFT_PLAIN_JSON};
#define PROTOCOLS (sizeof protocols / sizeof protocols[0])

#ifdef FUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION
static const bool is_fuzzer = true;
#else
static const bool is_fuzzer = false;
#endif

static void require(bool condition, const char *what, const thrift_error *err)
{
    if (!condition) {
        (void)fprintf(stderr, "%s\n", what);
        thrift_error_print(err, stderr);
        abort();
    }
}

static bool is_json(thrift_protocol protocol)
{
    return protocol == THRIFT_TJSON || protocol == THRIFT_PLAIN_JSON;
}

static bool same_in_json(const thrift_record *a, const thrift_record *b,
                         const thrift_codec_options *options)
{
    thrift_buffer left = THRIFT_BUFFER_INIT, right = THRIFT_BUFFER_INIT;
    bool same = thrift_encode(a, THRIFT_PLAIN_JSON, options, &left, NULL) == THRIFT_OK &&
                thrift_encode(b, THRIFT_PLAIN_JSON, options, &right, NULL) == THRIFT_OK &&
                left.size == right.size && memcmp(left.data, right.data, left.size) == 0;

    thrift_buffer_deinit(&left);
    thrift_buffer_deinit(&right);
    return same;
}

/* The bytes are the record, in that protocol. */
static void check_bytes(const thrift_schema *schema, const thrift_record *record,
                        thrift_protocol protocol, const thrift_buffer *bytes,
                        const thrift_codec_options *options, const char *what)
{
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_record *back = thrift_decode(schema, "All", protocol,
                                        (thrift_bytes){bytes->data, bytes->size}, options, &err);

    require(back != NULL || err.code == THRIFT_E_LIMIT, what, &err);
    require(back == NULL || thrift_record_equal(record, back) ||
                (is_json(protocol) && same_in_json(record, back, options)),
            what, &err);
    thrift_record_free(back);
}

/* Without frames and tokens where that can be done, which no_defaults forbids; duplicates are kept
 * in any case. */
static void transcode_quickly(const thrift_schema *schema, const thrift_record *record,
                              thrift_protocol from, thrift_bytes input, thrift_protocol to,
                              const thrift_codec_options *options)
{
    thrift_codec_options quick = {.struct_size = sizeof quick, .unknown = options->unknown};
    thrift_buffer out = THRIFT_BUFFER_INIT;
    thrift_error err = THRIFT_ERROR_INIT;

    if (is_json(from) || is_json(to) || options->drop_duplicates) {
        return;
    }
    require(thrift_transcode(schema, "All", from, input, to, &quick, &out, &err) == THRIFT_OK ||
                err.code == THRIFT_E_LIMIT,
            "quick transcode", &err);
    if (out.size > 0) {
        check_bytes(schema, record, to, &out, options, "quick transcode and decode");
    }
    thrift_buffer_deinit(&out);
}

static void detour(const thrift_schema *schema, const thrift_record *record, thrift_protocol from,
                   thrift_bytes input, thrift_protocol to, const thrift_codec_options *options)
{
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_buffer out = THRIFT_BUFFER_INIT;
    bool encoded = thrift_encode(record, to, options, &out, &err) == THRIFT_OK;

    require(encoded || err.code == THRIFT_E_LIMIT || (is_json(to) && err.code == THRIFT_E_CORRUPT),
            "encode", &err);
    if (encoded) {
        check_bytes(schema, record, to, &out, options, "encode and decode");
    }
    out.size = 0;
    thrift_error_clear(&err);
    if (thrift_transcode(schema, "All", from, input, to, options, &out, &err) == THRIFT_OK) {
        check_bytes(schema, record, to, &out, options, "transcode and decode");
    } else {
        require(!encoded || err.code == THRIFT_E_LIMIT, "transcode", &err);
    }
    transcode_quickly(schema, record, from, input, to, options);
    thrift_buffer_deinit(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static thrift_schema *schema;
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_codec_options options = THRIFT_CODEC_OPTIONS_INIT;
    thrift_protocol from;
    thrift_record *record;
    thrift_bytes input;

    if (schema == NULL) {
        schema = thrift_load(DEFINITION, &err);
    }
    require(schema != NULL, "load", &err);
    if (size == 0) {
        return 0;
    }
    from = protocols[data[0] % PROTOCOLS];
    options.no_defaults = true;
    options.drop_duplicates = (data[0] & 4) != 0;
    options.strings = (data[0] & 16) != 0 ? THRIFT_DECODE_VIEWS : THRIFT_DECODE_COPIES;
    options.unknown = (data[0] & 8) != 0 ? THRIFT_UNKNOWN_KEEP : THRIFT_UNKNOWN_SKIP;
    input = (thrift_bytes){data + 1, size - 1};
    record = thrift_decode(schema, "All", from, input, &options, &err);
    if (record != NULL) {
        for (size_t i = 0; i < PROTOCOLS; i++) {
            if (is_fuzzer && i != data[0] >> 6) {
                continue;
            }
            detour(schema, record, from, input, protocols[i], &options);
        }
    }
    thrift_record_free(record);
    return 0;
}
