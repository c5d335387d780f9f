/*
 * Transcoding: Apache's bytes in one protocol become Apache's bytes in the other; values of
 * generated definitions come back by every way, and no prefix of them is a value.
 *
 * Covers also: wire/transcode.c.
 */
#include "base/buffer.h"
#include "by_record.h"
#include "made.h"

static const struct {
    const char *name, *type;
} vectors[] = {
    {"Every-full", "Every"},           {"Every-long", "Every"},  {"Every-choice", "Every"},
    {"Point-plain", "Point"},          {"Empty-empty", "Empty"}, {"Choice-text", "Choice"},
    {"Defaults-defaults", "Defaults"},
};

static const struct {
    const char *name;
    thrift_protocol protocol;
} protocols[] = {{"binary", THRIFT_BINARY}, {"compact", THRIFT_COMPACT}, {"tjson", THRIFT_TJSON}};

static thrift_bytes load(size_t vector, size_t protocol)
{
    char file[64];

    (void)snprintf(file, sizeof file, "%s.%s", vectors[vector].name, protocols[protocol].name);
    return vector_of(file);
}

/* Python leaves control characters raw. */
static const thrift_codec_options python = {.struct_size = sizeof python,
                                            .accept = THRIFT_ACCEPT_UTF8};

/* Python pads base64 and escapes in ways of its own, so TJSON is only read here. */
START_TEST(from_each_to_each)
{
    thrift_schema *schema = vector_schema();

    for (size_t from = 0; from < COUNT_OF(protocols); from++) {
        for (size_t to = 0; to < 2; to++) {
            thrift_bytes input = load((size_t)_i, from), want = load((size_t)_i, to);
            thrift_buffer out = THRIFT_BUFFER_INIT;
            thrift_error err = THRIFT_ERROR_INIT;

            ck_assert_msg(thrift_transcode(schema, vectors[_i].type, protocols[from].protocol,
                                           input, protocols[to].protocol, &python, &out,
                                           &err) == THRIFT_OK,
                          "%s from %s: %s: %s", vectors[_i].name, protocols[from].name, err.source,
                          err.message);
            ck_assert_msg(out.size == want.size && memcmp(out.data, want.data, out.size) == 0,
                          "%s from %s to %s", vectors[_i].name, protocols[from].name,
                          protocols[to].name);
            thrift_buffer_deinit(&out);
            vector_free(input);
            vector_free(want);
        }
    }
    thrift_schema_unref(schema);
}
END_TEST

START_TEST(through_every_protocol_and_back)
{
    static const thrift_protocol round[] = {THRIFT_TJSON, THRIFT_COMPACT, THRIFT_PLAIN_JSON,
                                            THRIFT_BINARY};
    thrift_schema *schema = vector_schema();
    thrift_bytes start = load((size_t)_i, 0);
    thrift_protocol from = THRIFT_BINARY;
    thrift_buffer now = THRIFT_BUFFER_INIT;

    for (size_t i = 0; i < COUNT_OF(round); i++) {
        thrift_buffer next = THRIFT_BUFFER_INIT;
        thrift_bytes input = i == 0 ? start : (thrift_bytes){now.data, now.size};
        thrift_error err = THRIFT_ERROR_INIT;

        ck_assert_msg(thrift_transcode(schema, vectors[_i].type, from, input, round[i], NULL, &next,
                                       &err) == THRIFT_OK,
                      "%s, step %zu: %s: %s", vectors[_i].name, i, err.source, err.message);
        thrift_buffer_deinit(&now);
        now = next;
        from = round[i];
    }
    ck_assert_uint_eq(now.size, start.size);
    ck_assert_mem_eq(now.data, start.data, now.size);
    thrift_buffer_deinit(&now);
    vector_free(start);
    thrift_schema_unref(schema);
}
END_TEST

START_TEST(needs_no_definition_between_tagged_protocols)
{
    thrift_bytes input = load(0, 1), want = load(0, 0);
    thrift_buffer out = THRIFT_BUFFER_INIT;
    thrift_error err = THRIFT_ERROR_INIT;

    ck_assert_int_eq(
        thrift_transcode(NULL, NULL, THRIFT_COMPACT, input, THRIFT_BINARY, NULL, &out, &err),
        THRIFT_OK);
    ck_assert_uint_eq(out.size, want.size);
    ck_assert_mem_eq(out.data, want.data, out.size);
    ck_assert_int_eq(
        thrift_transcode(NULL, NULL, THRIFT_COMPACT, input, THRIFT_PLAIN_JSON, NULL, &out, &err),
        THRIFT_E_ARGUMENT);
    for (size_t size = 0; size < input.size; size++) {
        ck_assert_int_eq(thrift_transcode(NULL, NULL, THRIFT_COMPACT,
                                          (thrift_bytes){input.data, size}, THRIFT_BINARY, NULL,
                                          &out, &err),
                         THRIFT_E_TRUNCATED);
        ck_assert_uint_eq(out.size, want.size);
    }
    thrift_buffer_deinit(&out);
    vector_free(input);
    vector_free(want);
}
END_TEST

/* As if it were optional, when that is accepted. */
START_TEST(required_fields_may_be_missing)
{
    static const thrift_protocol all[] = {THRIFT_BINARY, THRIFT_COMPACT, THRIFT_TJSON,
                                          THRIFT_PLAIN_JSON};
    static const char text[] = "{\"kids\":[{\"id\":1},{}],\"last\":{\"name\":\"b\"}}";
    const thrift_codec_options *lenient = THRIFT_CODEC_OPTIONS(.accept = THRIFT_ACCEPT_MISSING);
    thrift_protocol from = all[(size_t)_i % COUNT_OF(all)], to = all[(size_t)_i / COUNT_OF(all)];
    thrift_schema *strict = schema_of("struct Kid { 1: required i32 id, 2: required string name }\n"
                                      "struct All { 1: list<Kid> kids, 2: Kid last }");
    thrift_schema *loose = schema_of("struct Kid { 1: optional i32 id, 2: optional string name }\n"
                                     "struct All { 1: list<Kid> kids, 2: Kid last }");
    thrift_bytes source = {(const uint8_t *)text, sizeof text - 1}, input;
    thrift_buffer made = THRIFT_BUFFER_INIT, want = THRIFT_BUFFER_INIT, out = THRIFT_BUFFER_INIT;
    thrift_error err = THRIFT_ERROR_INIT;

    ck_assert_int_eq(
        thrift_transcode(loose, "All", THRIFT_PLAIN_JSON, source, from, NULL, &made, &err),
        THRIFT_OK);
    input = (thrift_bytes){made.data, made.size};
    ck_assert_int_eq(thrift_transcode(loose, "All", from, input, to, NULL, &want, &err), THRIFT_OK);
    ck_assert_int_eq(thrift_transcode(strict, "All", from, input, to, NULL, &out, &err),
                     THRIFT_E_REQUIRED);
    ck_assert_uint_eq(out.size, 0);
    ck_assert_int_eq(thrift_transcode(strict, "All", from, input, to, lenient, &out, &err),
                     THRIFT_OK);
    ck_assert_uint_eq(out.size, want.size);
    ck_assert_mem_eq(out.data, want.data, out.size);
    thrift_buffer_deinit(&made);
    thrift_buffer_deinit(&want);
    thrift_buffer_deinit(&out);
    thrift_schema_unref(strict);
    thrift_schema_unref(loose);
}
END_TEST

/* What cannot be written in one pass goes by a record, and obeys the same options. */
static const struct {
    thrift_protocol from;
    const char *input;
    size_t size;
    thrift_codec_options options;
    const char *want; /* plain JSON; NULL: E_REQUIRED at the path */
    const char *path;
} odd[] = {
#define TEXT(literal) THRIFT_PLAIN_JSON, literal, sizeof(literal) - 1
#define MISSING .accept = THRIFT_ACCEPT_MISSING
    {TEXT("{\"id\":1,\"id\":2}"), {MISSING}, "{\"id\":2}", NULL},
    {TEXT("{\"id\":1,\"id\":2}"), {0}, NULL, "name"},
    {TEXT("{\"id\":1,\"id\":2,\"name\":\"a\"}"), {0}, "{\"id\":2,\"name\":\"a\"}", NULL},
    {TEXT("{\"note\":1,\"note\":2}"), {MISSING}, "{\"note\":2}", NULL},
    {TEXT("{\"kids\":[{\"id\":1},{\"note\":1,\"note\":2},{}]}"),
     {MISSING},
     "{\"kids\":[{\"id\":1},{\"note\":2},{}]}",
     NULL},
    {TEXT("{\"id\":1,\"name\":\"a\",\"kids\":[{\"id\":1,\"id\":2}]}"), {0}, NULL, "kids[0].name"},
    {TEXT("{\"last\":{\"id\":1},\"last\":{\"name\":\"a\"}}"),
     {MISSING},
     "{\"last\":{\"name\":\"a\"}}",
     NULL},
    {TEXT("{\"choice\":{\"a\":1,\"kid\":{}}}"),
     {.accept = THRIFT_ACCEPT_MISSING | THRIFT_ACCEPT_UNION},
     "{\"choice\":{\"kid\":{}}}",
     NULL},
    {TEXT("{\"id\":1}"), {MISSING, .refuse = THRIFT_ACCEPT_DUPLICATES}, "{\"id\":1}", NULL},
    {TEXT("{\"id\":1}"), {MISSING, .drop_duplicates = true}, "{\"id\":1}", NULL},
    {TEXT("{\"id\":1,\"id\":2}"),
     {MISSING, .write_required = true, .write_optional = true},
     "{\"id\":2}",
     NULL},
    {TEXT("{\"id\":1,\"id\":2}"), {.write_required = true}, NULL, "name"},
    {THRIFT_BINARY, "\x08\0\1\0\0\0\1\x08\0\1\0\0\0\2", 15, {MISSING}, "{\"id\":2}", NULL},
    {THRIFT_COMPACT, "\x15\2\5\2\4", 6, {MISSING}, "{\"id\":2}", NULL},
    {THRIFT_TJSON, "{\"1\":{\"i32\":1},\"1\":{\"i32\":2}}", 29, {MISSING}, "{\"id\":2}", NULL},
};

START_TEST(fields_may_be_there_twice_and_missing)
{
    static const thrift_protocol all[] = {THRIFT_BINARY, THRIFT_COMPACT, THRIFT_TJSON,
                                          THRIFT_PLAIN_JSON};
    thrift_schema *schema = schema_of(
        "union Choice { 1: i32 a, 2: Kid kid }\n"
        "struct Kid { 1: required i32 id, 2: required string name, 3: optional i32 note,\n"
        "  4: optional list<Kid> kids, 5: optional Kid last, 6: optional Choice choice }");
    thrift_codec_options options = odd[_i].options;
    thrift_bytes input = {(const uint8_t *)odd[_i].input, odd[_i].size};

    options.struct_size = sizeof options;
    for (size_t i = 0; i < COUNT_OF(all); i++) {
        thrift_buffer made = THRIFT_BUFFER_INIT, text = THRIFT_BUFFER_INIT;
        thrift_error err = THRIFT_ERROR_INIT;
        thrift_status status =
            thrift_transcode(schema, "Kid", odd[_i].from, input, all[i], &options, &made, &err);

        ck_assert_msg(status == (odd[_i].want != NULL ? THRIFT_OK : THRIFT_E_REQUIRED), "%s: %s",
                      err.source, err.message);
        if (status == THRIFT_OK) {
            ck_assert_int_eq(thrift_transcode(schema, "Kid", all[i],
                                              (thrift_bytes){made.data, made.size},
                                              THRIFT_PLAIN_JSON, &options, &text, &err),
                             THRIFT_OK);
            ck_assert_uint_eq(text.size, strlen(odd[_i].want));
            ck_assert_mem_eq(text.data, odd[_i].want, text.size);
        } else {
            ck_assert_str_eq(err.source, odd[_i].path);
            ck_assert_uint_eq(made.size, 0);
        }
        thrift_buffer_deinit(&made);
        thrift_buffer_deinit(&text);
    }
    thrift_schema_unref(schema);
}
END_TEST

/* What cannot be written may be followed by the value that counts; else it is the error's. */
START_TEST(what_cannot_be_written_may_not_be_the_last)
{
    static const uint8_t twice[] = {11, 0, 1, 0, 0, 0, 1, 0xff, 11, 0, 1, 0, 0, 0, 1, 'x', 0};
    static const uint8_t once[] = {11, 0, 1, 0, 0, 0, 1, 0xff, 0};
    thrift_schema *schema = schema_of("struct Text { 1: string text }");
    thrift_buffer out = THRIFT_BUFFER_INIT;
    thrift_error err = THRIFT_ERROR_INIT;

    ck_assert_int_eq(thrift_transcode(schema, "Text", THRIFT_BINARY,
                                      (thrift_bytes){twice, sizeof twice}, THRIFT_PLAIN_JSON, NULL,
                                      &out, &err),
                     THRIFT_OK);
    ck_assert_uint_eq(out.size, strlen("{\"text\":\"x\"}"));
    ck_assert_mem_eq(out.data, "{\"text\":\"x\"}", out.size);
    ck_assert_int_eq(err.code, THRIFT_OK);
    out.size = 0;
    ck_assert_int_eq(thrift_transcode(schema, "Text", THRIFT_BINARY,
                                      (thrift_bytes){once, sizeof once}, THRIFT_PLAIN_JSON, NULL,
                                      &out, &err),
                     THRIFT_E_CORRUPT);
    ck_assert_uint_eq(out.size, 0);
    ck_assert_str_eq(err.source, "text");
    thrift_buffer_deinit(&out);
    thrift_schema_unref(schema);
}
END_TEST

START_TEST(refuses)
{
    static const uint8_t trailing[] = {0, 0}, deep[] = {15, 0, 1, 0, 0, 0, 0, 1, 0};
    thrift_buffer out = THRIFT_BUFFER_INIT;
    thrift_error err = THRIFT_ERROR_INIT;

    ck_assert_int_eq(thrift_transcode(NULL, NULL, THRIFT_BINARY, (thrift_bytes){trailing, 2},
                                      THRIFT_COMPACT, NULL, &out, &err),
                     THRIFT_E_TRAILING);
    ck_assert_int_eq(thrift_transcode(NULL, NULL, THRIFT_BINARY, (thrift_bytes){deep, sizeof deep},
                                      THRIFT_COMPACT, NULL, &out, &err),
                     THRIFT_E_CORRUPT);
    ck_assert_uint_eq(out.size, 0);
    thrift_buffer_deinit(&out);
}
END_TEST

/* ---- generated definitions and values ---- */

static void check_detour(const struct made *made, const thrift_schema *schema, const char *type,
                         thrift_protocol by)
{
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_buffer there = THRIFT_BUFFER_INIT, back = THRIFT_BUFFER_INIT;

    ck_assert_msg(thrift_transcode(schema, type, THRIFT_BINARY, buffer_bytes(&made->bytes), by,
                                   NULL, &there, &err) == THRIFT_OK,
                  "to %d: %s: %s\n%.*s", (int)by, err.source, err.message, (int)made->text.size,
                  (const char *)made->text.data);
    ck_assert_msg(thrift_transcode(schema, type, by, buffer_bytes(&there), THRIFT_BINARY, NULL,
                                   &back, &err) == THRIFT_OK,
                  "from %d: %s: %s\n%.*s\n%.*s", (int)by, err.source, err.message,
                  (int)made->text.size, (const char *)made->text.data, (int)there.size,
                  (const char *)there.data);
    ck_assert_msg(back.size == made->bytes.size &&
                      memcmp(back.data, made->bytes.data, back.size) == 0,
                  "by %d other bytes come back\n%.*s", (int)by, (int)made->text.size,
                  (const char *)made->text.data);
    thrift_buffer_deinit(&there);
    thrift_buffer_deinit(&back);
}

/* From one protocol to another without binary between them. */
static void check_pair(const struct made *made, const thrift_schema *schema, const char *type,
                       thrift_protocol from, thrift_protocol to)
{
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_buffer input = THRIFT_BUFFER_INIT;

    ck_assert_int_eq(thrift_transcode(schema, type, THRIFT_BINARY, buffer_bytes(&made->bytes), from,
                                      NULL, &input, &err),
                     THRIFT_OK);
    check_both_ways(schema, type, from, buffer_bytes(&input), to, NULL, true);
    thrift_buffer_deinit(&input);
}

static void check_prefixes(const struct made *made, const thrift_schema *schema, const char *type)
{
    for (size_t size = 0; size < made->bytes.size; size++) {
        thrift_error err = THRIFT_ERROR_INIT;

        ck_assert_ptr_null(thrift_decode(schema, type, THRIFT_BINARY,
                                         (thrift_bytes){made->bytes.data, size}, NULL, &err));
        ck_assert_int_eq(err.code, THRIFT_E_TRUNCATED);
    }
}

START_TEST(generated_values_come_back_by_every_way)
{
    static const thrift_protocol ways[] = {THRIFT_BINARY, THRIFT_COMPACT, THRIFT_TJSON,
                                           THRIFT_PLAIN_JSON};
    struct made made = {.random = (uint64_t)_i * 7919 + 1};
    thrift_schema *schema;
    char type[24];

    schema = made_schema(&made, type);
    for (size_t value = 0; value < 4; value++) {
        (void)made_value(&made);
        for (size_t way = 0; way < COUNT_OF(ways); way++) {
            check_detour(&made, schema, type, ways[way]);
            for (size_t to = 0; to < COUNT_OF(ways); to++) {
                check_pair(&made, schema, type, ways[way], ways[to]);
            }
        }
        check_prefixes(&made, schema, type);
    }
    thrift_schema_unref(schema);
    made_deinit(&made);
}
END_TEST

/* Limits that are given hold through the record that lies between. */
START_TEST(limits_hold)
{
    thrift_schema *schema = vector_schema();
    thrift_bytes input = vector_of("Every-full.binary");
    thrift_limits limits = THRIFT_LIMITS_INIT;
    thrift_codec_options options = THRIFT_CODEC_OPTIONS_INIT;
    thrift_buffer out = THRIFT_BUFFER_INIT;
    thrift_error err = THRIFT_ERROR_INIT;

    options.limits = &limits;
    ck_assert_int_eq(thrift_transcode(schema, "Every", THRIFT_BINARY, input, THRIFT_PLAIN_JSON,
                                      &options, &out, &err),
                     THRIFT_OK);
    limits.max_string_size = 1;
    out.size = 0;
    ck_assert_int_eq(thrift_transcode(schema, "Every", THRIFT_BINARY, input, THRIFT_PLAIN_JSON,
                                      &options, &out, &err),
                     THRIFT_E_LIMIT);
    ck_assert_uint_eq(out.size, 0);
    thrift_buffer_deinit(&out);
    vector_free(input);
    thrift_schema_unref(schema);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_loop_test(tests, generated_values_come_back_by_every_way, 0, 150);
    tcase_add_test(tests, limits_hold);
    tcase_add_loop_test(tests, from_each_to_each, 0, COUNT_OF(vectors));
    tcase_add_loop_test(tests, through_every_protocol_and_back, 0, COUNT_OF(vectors));
    tcase_add_test(tests, needs_no_definition_between_tagged_protocols);
    tcase_add_test(tests, refuses);
    tcase_add_loop_test(tests, required_fields_may_be_missing, 0, 16);
    tcase_add_test(tests, what_cannot_be_written_may_not_be_the_last);
    tcase_add_loop_test(tests, fields_may_be_there_twice_and_missing, 0, COUNT_OF(odd));
}

SUITE_MAIN("codec/transcode")
