/*
 * Any bytes as a struct of the program's own: the reader of records, which fills other memory by
 * other code, has the last word on whether they can be read; what was read can be written, and is
 * the same when it is read and written again. The first byte chooses protocol, leniency, limits,
 * and one of two C structs: with a member for every field, or with records, lists and maps, and the
 * rest kept.
 */
#include <rethrift/native.h>
#include <stdlib.h>
#include <string.h>

#include "native_sample.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct loose {
    thrift_unknown_fields rest;
    bool b, late;
    int8_t i8, below;
    int16_t i16, far;
    int32_t i32, maybe, level;
    int64_t i64;
    double d;
    enum color color;
    thrift_uuid id, octets;
    const char *text, *hint;
    thrift_bytes chars, view, blob;
    thrift_record *inside, *behind, *choice, *node, **points;
    size_t point_count, row_count;
    thrift_list *numbers, *names, *bag, *flags, *reals, **rows;
    thrift_map *counts, *places, *index;
};
#define PLAIN(member) THRIFT_MEMBER(struct loose, member)
THRIFT_NATIVE_TABLE(loose_native, struct loose, "Every", PLAIN(rest), PLAIN(b), PLAIN(late),
                    PLAIN(i8), PLAIN(below), PLAIN(i16), PLAIN(far), PLAIN(i32), PLAIN(maybe),
                    PLAIN(level), PLAIN(i64), PLAIN(d), PLAIN(color), PLAIN(id), PLAIN(octets),
                    PLAIN(text), PLAIN(hint), PLAIN(chars), PLAIN(view), PLAIN(blob), PLAIN(inside),
                    PLAIN(behind), PLAIN(choice), PLAIN(node),
                    THRIFT_LIST_MEMBER(struct loose, points, point_count), PLAIN(numbers),
                    PLAIN(names), PLAIN(bag), PLAIN(flags), PLAIN(reals),
                    THRIFT_LIST_MEMBER(struct loose, rows, row_count), PLAIN(counts), PLAIN(places),
                    PLAIN(index));

union value {
    struct every every;
    struct loose loose;
};

struct reading {
    thrift_schema *schema;
    const thrift_native_struct *table;
    thrift_native_codec *codec;
    thrift_codec_options options;
    thrift_protocol protocol;
    thrift_record *memory;
};

static void fail(const char *what, const thrift_error *err)
{
    fprintf(stderr, "%s: ", what);
    thrift_error_print(err, stderr);
    abort();
}

/* A char[N] has a limit of its own, and memory is counted by what is taken. (What is wrong with the
 * fields that the C struct lacks, which are called "skipped", only a record sees.) */
static bool may_differ(thrift_status status)
{
    return status == THRIFT_E_RANGE || status == THRIFT_E_LIMIT;
}

static void compare(const struct reading *reading, thrift_bytes input, const thrift_error *ours)
{
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_record *record =
        thrift_decode(reading->schema, "Every", reading->protocol, input, &reading->options, &err);

    if ((record != NULL) != (ours->code == THRIFT_OK) && !may_differ(err.code) &&
        !may_differ(ours->code) && strstr(err.source, "skipped") == NULL) {
        fail(record != NULL ? "only a record reads this" : "no record reads this",
             record != NULL ? ours : &err);
    }
    thrift_record_free(record);
}

/* A struct of default requiredness that was never set is written empty, required fields or not. */
static bool is_written_empty(const struct reading *reading, const union value *value)
{
    return reading->table == &loose_native && value->loose.inside == NULL;
}

static void write_again(const struct reading *reading, const union value *value)
{
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_buffer first = THRIFT_BUFFER_INIT, second = THRIFT_BUFFER_INIT;
    union value back;

    if (thrift_native_encode(reading->codec, value, reading->protocol, &first, &err) == THRIFT_OK) {
        const thrift_bytes bytes = {first.data, first.size};

        if (thrift_native_decode(reading->codec, &back, reading->memory, reading->protocol, bytes,
                                 &err) != THRIFT_OK) {
            if (!may_differ(err.code)) { /* an enum never set is written as 0, a symbol or not */
                fail("what was written cannot be read", &err);
            }
        } else if (thrift_native_encode(reading->codec, &back, reading->protocol, &second, &err) !=
                       THRIFT_OK ||
                   second.size != first.size || memcmp(first.data, second.data, first.size) != 0) {
            fail("what was read is written differently", &err);
        }
    }
    thrift_buffer_deinit(&first);
    thrift_buffer_deinit(&second);
}

static void read_once(struct reading *reading, thrift_bytes input)
{
    thrift_error err = THRIFT_ERROR_INIT;
    union value value;

    reading->codec =
        thrift_native_codec_new(reading->schema, reading->table, &reading->options, &err);
    reading->memory = thrift_record_new(reading->schema, "Point", &err);
    if (reading->codec == NULL || reading->memory == NULL) {
        fail("the table does not fit", &err);
    }
    (void)thrift_native_decode(reading->codec, &value, reading->memory, reading->protocol, input,
                               &err);
    compare(reading, input, &err);
    if (err.code == THRIFT_OK && !is_written_empty(reading, &value)) {
        write_again(reading, &value);
    }
    thrift_record_free(reading->memory);
    thrift_native_codec_free(reading->codec);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static thrift_schema *schema;
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_limits limits = THRIFT_LIMITS_INIT;
    struct reading reading = {.options = THRIFT_CODEC_OPTIONS_INIT};

    if (schema == NULL) {
        schema = thrift_load_text("fuzz.thrift", sample_idl, NULL, &err);
    }
    if (schema == NULL) {
        fail("the definition", &err);
    }
    if (size < 1) {
        return 0;
    }
    limits.max_message_memory = (size_t)8 << 20;
    if (data[0] & 2) {
        reading.options.accept = THRIFT_ACCEPT_MISSING | THRIFT_ACCEPT_UNION;
    }
    if (data[0] & 4) {
        reading.options.refuse = THRIFT_ACCEPT_MISMATCH | THRIFT_ACCEPT_ENUM | THRIFT_ACCEPT_UTF8;
    }
    if (data[0] & 8) {
        limits.max_depth = 4;
        limits.max_string_size = 64;
    }
    reading.schema = schema;
    reading.table = data[0] & 16 ? &loose_native : &every_native;
    reading.protocol = data[0] & 1 ? THRIFT_COMPACT : THRIFT_BINARY;
    reading.options.limits = &limits;
    read_once(&reading, (thrift_bytes){data + 1, size - 1});
    return 0;
}
