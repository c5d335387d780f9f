/*
 * Members that are read and written in one step, fitted: a struct of them is tried straight away
 * and else done by the loop with frames, and the same comes of it. Records, which know no such
 * difference, are what is compared with.
 *
 * Covers also: codec/native_decode.c, codec/native_encode.c.
 */
#include "native/table.h"

#include <stdlib.h>

#include "base/buffer.h"
#include "suite.h"

static const char idl[] =
    "enum Color { RED = 1, GREEN = 2 }\n"
    "struct Place { 1: required i32 x, 2: i32 y = 7 }\n"
    "struct Flat { 1: required i32 id, 2: string name, 3: optional string mail, 4: bool on,\n"
    "  5: optional i64 big, 6: Place place, 7: string tag, 8: Color color, 9: double real,\n"
    "  10: binary blob, 11: i16 less, 12: i8 least, 13: uuid uuid, 14: i32 age = 5 }\n"
    "struct Wider { 1: required i32 id, 2: string name, 3: optional string mail, 4: bool on,\n"
    "  5: optional i64 big, 6: Place place, 7: string tag, 8: Color color, 9: double real,\n"
    "  10: binary blob, 11: i16 less, 12: i8 least, 13: uuid uuid, 14: i32 age = 5,\n"
    "  15: list<i32> more, 0: i32 before }\n";

struct place {
    int32_t x, y;
};
THRIFT_NATIVE(place_native, struct place, "Place", x, y);

struct flat {
    int32_t id, age;
    const char *name, *mail;
    bool on, has_big;
    int8_t least;
    int16_t less;
    int64_t big;
    struct place place;
    char tag[24];
    enum color { RED = 1, GREEN } color;
    double real;
    thrift_bytes blob;
    thrift_uuid uuid;
};
THRIFT_NATIVE_TABLE(flat_native, struct flat, "Flat", THRIFT_MEMBER(struct flat, id),
                    THRIFT_MEMBER(struct flat, age), THRIFT_MEMBER(struct flat, name),
                    THRIFT_MEMBER(struct flat, mail), THRIFT_MEMBER(struct flat, on),
                    THRIFT_MEMBER(struct flat, least), THRIFT_MEMBER(struct flat, less),
                    THRIFT_MEMBER(struct flat, big, THRIFT_HAS(struct flat, has_big)),
                    THRIFT_STRUCT_MEMBER(struct flat, place, struct place, &place_native),
                    THRIFT_MEMBER(struct flat, tag), THRIFT_MEMBER(struct flat, color),
                    THRIFT_MEMBER(struct flat, real), THRIFT_MEMBER(struct flat, blob),
                    THRIFT_MEMBER(struct flat, uuid));

/* ---- what makes a struct special, one thing each ---- */

static void change_nothing(thrift_record *record) { (void)record; }
static void drop_mail(thrift_record *record) { thrift_unset(record, "mail"); }
static void drop_big(thrift_record *record) { thrift_unset(record, "big"); }
static void drop_name(thrift_record *record) { thrift_unset(record, "name"); }
static void drop_default(thrift_record *record) { thrift_unset(record, "age"); }
static void drop_inner_default(thrift_record *record) { thrift_unset(record, "place.y"); }
static void make_empty(thrift_record *record) { thrift_set(record, "name", "", "mail", ""); }

static void make_short(thrift_record *record)
{
    thrift_set(record, "name", "123", "mail", "1234567", "tag", "12345678901234567890123");
}

/* Beyond what is copied without a call, and beyond the first chunk of an arena. */
static void make_long(thrift_record *record)
{
    char text[6000];

    memset(text, 'l', sizeof text);
    text[sizeof text - 1] = '\0';
    thrift_set(record, "mail", text);
    text[49] = '\0';
    thrift_set(record, "name", text);
}

static const struct {
    const char *type; /* "Wider": with fields that C does not know */
    void (*change)(thrift_record *record);
} cases[] = {
    {"Flat", change_nothing},  {"Flat", drop_mail},           {"Flat", drop_big},
    {"Flat", drop_name},       {"Flat", drop_default},        {"Flat", drop_inner_default},
    {"Flat", make_empty},      {"Flat", make_short},          {"Flat", make_long},
    {"Wider", change_nothing}, {"Wider", drop_inner_default}, {"Wider", make_long},
};

static const thrift_protocol protocols[] = {THRIFT_BINARY, THRIFT_COMPACT};

static thrift_record *make_record(const thrift_schema *schema, const char *type)
{
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_record *record = thrift_record_new(schema, type, &err);
    const uint8_t blob[] = {0, 1, 2};

    thrift_set(record, "id", -42, "name", "Ada Lovelace", "mail", "ada@example.org", "on", true,
               "big", INT64_MIN, "place.x", 3, "place.y", 4, "tag", "tag", "color", "GREEN", "real",
               -0.5, "blob", ((thrift_bytes){blob, sizeof blob}));
    thrift_set(record, "less", -300, "least", -3, "uuid", ((thrift_uuid){{1, 2, 3}}), "age", 36);
    if (strcmp(type, "Wider") == 0) {
        thrift_set(record, "before", 3);
        thrift_list_add(thrift_open_list(record, "more"), 4);
    }
    return record;
}

struct fixture {
    thrift_schema *schema;
    thrift_native_codec *codec;
    thrift_record *memory, *oracle;
    thrift_protocol protocol;
};

static struct fixture set_up(thrift_protocol protocol)
{
    thrift_error err = THRIFT_ERROR_INIT;
    struct fixture fixture = {.schema = thrift_load_text("flat.thrift", idl, NULL, &err),
                              .protocol = protocol};

    fixture.codec = thrift_native_codec_new(fixture.schema, &flat_native, NULL, &err);
    fixture.memory = thrift_record_new(fixture.schema, "Flat", &err);
    ck_assert_msg(fixture.codec != NULL && fixture.memory != NULL, "%s", err.message);
    return fixture;
}

static void tear_down(struct fixture *fixture)
{
    thrift_record_free(fixture->memory);
    thrift_native_codec_free(fixture->codec);
    thrift_schema_unref(fixture->schema);
}

/* Both readers on a copy that ends where its memory does, both writers on what they read. */
static void compare(struct fixture *fixture, const uint8_t *data, size_t size, bool is_whole)
{
    thrift_error err = THRIFT_ERROR_INIT, why = THRIFT_ERROR_INIT;
    uint8_t *block = malloc(size + 1);
    const thrift_bytes input = {block + 1, size};
    thrift_buffer ours = THRIFT_BUFFER_INIT, theirs = THRIFT_BUFFER_INIT;
    struct flat value;
    thrift_record *record;
    thrift_status status;

    memcpy(block + 1, data, size);
    record = thrift_decode(fixture->schema, "Flat", fixture->protocol, input, NULL, &err);
    status = thrift_native_decode(fixture->codec, &value, fixture->memory, fixture->protocol, input,
                                  &why);
    if (status != THRIFT_E_RANGE) { /* a string that fits no char[24] */
        ck_assert_msg((record != NULL) == (status == THRIFT_OK), "%s | %s", err.message,
                      why.message);
    }
    if (record == NULL && status != THRIFT_E_RANGE) {
        ck_assert_int_eq(err.code, status);
        ck_assert_str_eq(err.source, why.source);
        ck_assert_uint_eq(err.offset, why.offset);
    }
    if (is_whole) {
        ck_assert_msg(record != NULL, "%s", err.message);
        ck_assert_int_eq(
            thrift_native_encode(fixture->codec, &value, fixture->protocol, &ours, &err),
            THRIFT_OK);
        ck_assert_int_eq(thrift_encode(record, fixture->protocol, NULL, &theirs, &err), THRIFT_OK);
        ck_assert_uint_eq(ours.size, theirs.size);
        ck_assert_mem_eq(ours.data, theirs.data, ours.size);
    }
    thrift_record_free(record);
    thrift_record_reset(fixture->memory);
    thrift_buffer_deinit(&ours);
    thrift_buffer_deinit(&theirs);
    free(block);
}

/* Only what is set. */
static thrift_buffer encode_case(const struct fixture *fixture, size_t i)
{
    static const thrift_codec_options as_set = {.struct_size = sizeof as_set, .no_defaults = true};
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_record *record = make_record(fixture->schema, cases[i].type);
    thrift_buffer bytes = THRIFT_BUFFER_INIT;

    cases[i].change(record);
    ck_assert_msg(thrift_encode(record, fixture->protocol, &as_set, &bytes, &err) == THRIFT_OK,
                  "%s: %s", err.source, err.message);
    thrift_record_free(record);
    return bytes;
}

START_TEST(same_as_records)
{
    for (size_t p = 0; p < COUNT_OF(protocols); p++) {
        struct fixture fixture = set_up(protocols[p]);
        thrift_buffer bytes = encode_case(&fixture, (size_t)_i);

        compare(&fixture, bytes.data, bytes.size, true);
        thrift_buffer_deinit(&bytes);
        tear_down(&fixture);
    }
}
END_TEST

/* Every prefix, and every byte changed in three ways. */
START_TEST(broken_as_records)
{
    static const uint8_t masks[] = {0x01, 0x80, 0xff};

    for (size_t p = 0; p < COUNT_OF(protocols); p++) {
        struct fixture fixture = set_up(protocols[p]);
        thrift_buffer bytes = encode_case(&fixture, (size_t)_i);
        size_t most = bytes.size < 200 ? bytes.size : 200;

        for (size_t at = 0; at < most; at++) {
            compare(&fixture, bytes.data, at, false);
            for (size_t m = 0; m < COUNT_OF(masks); m++) {
                bytes.data[at] ^= masks[m];
                compare(&fixture, bytes.data, bytes.size, false);
                bytes.data[at] ^= masks[m];
            }
        }
        thrift_buffer_deinit(&bytes);
        tear_down(&fixture);
    }
}
END_TEST

/* Room that ends anywhere: nothing is written behind it, all of it is written. */
START_TEST(any_room)
{
    struct fixture fixture = set_up(protocols[_i]);
    thrift_error err = THRIFT_ERROR_INIT;
    const struct flat value = {.id = 1, .name = "a name of some length", .tag = "tag"};
    thrift_buffer whole = THRIFT_BUFFER_INIT;

    ck_assert_int_eq(thrift_native_encode(fixture.codec, &value, fixture.protocol, &whole, &err),
                     THRIFT_OK);
    for (size_t before = 0; before < 3 * whole.size; before++) {
        thrift_buffer out = THRIFT_BUFFER_INIT;

        ck_assert(buffer_reserve(&out, 64));
        while (out.size < before) {
            ck_assert(buffer_append(&out, "", 1));
        }
        ck_assert_int_eq(thrift_native_encode(fixture.codec, &value, fixture.protocol, &out, &err),
                         THRIFT_OK);
        ck_assert_uint_eq(out.size, before + whole.size);
        ck_assert_mem_eq(out.data + before, whole.data, whole.size);
        thrift_buffer_deinit(&out);
    }
    thrift_buffer_deinit(&whole);
    tear_down(&fixture);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_loop_test(tests, same_as_records, 0, COUNT_OF(cases));
    tcase_add_loop_test(tests, broken_as_records, 0, COUNT_OF(cases));
    tcase_add_loop_test(tests, any_room, 0, COUNT_OF(protocols));
}

SUITE_MAIN("native members")
