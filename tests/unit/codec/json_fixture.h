/*
 * What the tests of the JSON dialects share: a definition with every type, and texts.
 */
#ifndef CODEC_JSON_FIXTURE_H
#define CODEC_JSON_FIXTURE_H

#include "fixture.h"

static const char json_definition[] =
    "enum Color { RED = 1, GREEN = 2 }\n"
    "struct Point { 1: double x, 2: optional double y }\n"
    "struct Node { 1: optional list<Node> kids, 2: optional Node next }\n"
    "union Choice { 1: string text, 2: i32 number, 3: Point point }\n"
    "exception Failure { 1: required i32 code, 2: optional string why }\n"
    "struct All {\n"
    "  1: optional bool truth, 2: optional i8 tiny, 3: optional i16 small, 4: optional i32 id,\n"
    "  5: optional i64 big, 6: optional double real, 7: optional string text,\n"
    "  8: optional binary raw, 9: optional uuid key, 10: optional Color color,\n"
    "  11: optional Point point, 12: optional Choice choice, 13: optional list<i32> numbers,\n"
    "  14: optional set<string> words, 15: optional map<string, i64> counts,\n"
    "  16: optional map<i32, list<string>> names, 17: optional map<Point, i32> points,\n"
    "  18: optional map<bool, double> answers, 19: optional map<Color, binary> colors,\n"
    "  20: optional map<double, bool> reals, 21: optional map<list<i32>, Point> lists,\n"
    "  22: optional map<binary, uuid> keys, 23: optional list<list<Point>> table,\n"
    "  24: optional Node node, 25: optional list<bool> truths, 26: optional list<Choice> choices,\n"
    "  27: optional map<i64, map<string, Color>> deep }\n"
    "struct Defaults { 1: i32 number = 42, 2: string text = \"x\", 3: Point point,\n"
    "  4: list<i32> numbers, 5: optional i32 maybe = 7, 6: map<string, i32> counts }\n";

static inline thrift_bytes bytes_of(const char *text)
{
    return (thrift_bytes){(const uint8_t *)text, strlen(text)};
}

/* In a block of exactly its size. */
static inline thrift_bytes exact_of(const void *data, size_t size)
{
    uint8_t *copy = malloc(size > 0 ? size : 1);

    ck_assert_ptr_nonnull(copy);
    memcpy(copy, data, size);
    return (thrift_bytes){copy, size};
}

/* What comes out when `text` is read in one dialect and written in another; NULL: `err` says why.
 * malloc'ed. */
static inline char *converted(const thrift_schema *schema, const char *type, thrift_protocol from,
                              const char *text, thrift_protocol to,
                              const thrift_codec_options *options, thrift_error *err)
{
    thrift_bytes input = exact_of(text, strlen(text));
    thrift_record *record = thrift_decode(schema, type, from, input, options, err);
    thrift_buffer out = THRIFT_BUFFER_INIT;
    char *result = NULL;

    if (record != NULL && thrift_encode(record, to, options, &out, err) == THRIFT_OK) {
        result = calloc(out.size + 1, 1);
        ck_assert_ptr_nonnull(result);
        memcpy(result, out.data, out.size);
    }
    thrift_buffer_deinit(&out);
    thrift_record_free(record);
    vector_free(input);
    return result;
}

#endif
