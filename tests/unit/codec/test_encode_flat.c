/*
 * What is written without frames beside the same values in structs that need them: the same bytes,
 * whatever room there is. A struct with a list of lists needs frames.
 *
 * Covers encode_flat.h, encode_sure.h and encode_leafy.h.
 */
#include "fixture.h"

#include <stdarg.h>

#define STRUCTS(kind, more)                                                                        \
    "struct Flat" kind " { 1: i32 id, 2: string name, 3: bool yes, 4: i8 tiny, 5: i16 small,\n"    \
    "  6: optional i64 large, 7: double real, 8: binary data, 9: uuid key, 30: string far,\n"      \
    "  300: optional Color color, 32767: bool no" more " }\n"                                      \
    "struct Two" kind " { 1: Flat" kind " a, 2: i32 n, 3: optional Flat" kind " b" more " }\n"     \
    "struct Three" kind " { 1: Two" kind " a, 2: string s" more " }\n"                             \
    "struct Words" kind " { 1: string s, 2: optional list<string> tags, 3: map<string, i64> n,\n"  \
    "  4: list<i32> numbers, 5: set<i64> longs, 6: list<i16> shorts, 7: optional string end" more  \
    " }\n"                                                                                         \
    "struct Texts" kind " { 1: string a, 2: string b, 3: binary c, 40: string d, 41: string e,\n"  \
    "  42: string f, 43: string g" more " }\n"                                                     \
    "struct Late" kind " { 1: list<string> many, 2: string a, 3: string b, 4: string c,\n"         \
    "  5: string d, 6: Texts" kind                                                                 \
    " texts, 7: string e, 8: string f, 9: string g, 10: string h" more " }\n"                      \
    "struct Lates" kind " { 1: list<Late" kind "> lates" more " }\n"                               \
    "struct Maps" kind " { 1: map<string, string> text, 2: map<string, bool> yes,\n"               \
    "  3: map<string, i8> tiny, 4: map<string, i16> small, 5: map<string, i32> id,\n"              \
    "  6: map<string, Color> color, 7: map<string, double> real, 8: map<string, uuid> key,\n"      \
    "  9: map<i32, string> other" more " }\n"                                                      \
    "struct Root" kind " { 1: Flat" kind " flat, 2: Two" kind " two, 3: Three" kind " three,\n"    \
    "  4: Words" kind " words, 5: Maps" kind " maps, 6: list<Flat" kind "> flats,\n"               \
    "  7: list<Two" kind "> twos, 8: list<Words" kind "> more_words, 9: list<Three" kind           \
    "> threes,\n  10: map<string, Flat" kind "> named, 11: list<string> texts" more " }\n"

static const char definition[] = "enum Color { RED = 1, GREEN = 2 }\n" STRUCTS("", "")
    STRUCTS("Deep", ", 20000: optional list<list<i32>> never");

static const thrift_protocol protocols[] = {THRIFT_BINARY, THRIFT_COMPACT};

/* Around the sizes at which strings are written otherwise. */
static const int sizes[] = {0, 1, 32, 33, 49, 600};

struct text {
    char data[65536];
    size_t size;
    int string; /* size of the strings */
    bool whole; /* optional fields are there, too */
};

static void add(struct text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void add(struct text *text, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    text->size += (size_t)vsnprintf(text->data + text->size, sizeof text->data - text->size, format,
                                    arguments);
    va_end(arguments);
    ck_assert_uint_lt(text->size, sizeof text->data);
}

/* A JSON string that begins with `first`. */
static void add_string(struct text *text, char first)
{
    add(text, "\"");
    for (int i = 0; i < text->string; i++) {
        add(text, "%c", i == 0 ? first : 'a' + i % 26);
    }
    add(text, "\"");
}

static void add_flat(struct text *text)
{
    add(text, "{\"id\":-70000,\"name\":");
    add_string(text, 'n');
    add(text, ",\"yes\":true,\"tiny\":-3,\"small\":-300,");
    if (text->whole) {
        add(text, "\"large\":-9223372036854775808,\"color\":\"GREEN\",");
    }
    add(text, "\"real\":0.1,\"data\":\"AAECAw==\",\"key\":\"00112233-4455-6677-8899-aabbccddeeff\","
              "\"far\":");
    add_string(text, 'f');
    add(text, ",\"no\":false}");
}

static void add_two(struct text *text)
{
    add(text, "{\"a\":");
    add_flat(text);
    add(text, ",\"n\":5");
    if (text->whole) {
        add(text, ",\"b\":");
        add_flat(text);
    }
    add(text, "}");
}

static void add_three(struct text *text)
{
    add(text, "{\"a\":");
    add_two(text);
    add(text, ",\"s\":");
    add_string(text, 's');
    add(text, "}");
}

static void add_texts(struct text *text)
{
    add(text, "{\"c\":\"AAECAw==\"");
    for (const char *field = "abdefg"; *field != '\0'; field++) {
        add(text, ",\"%c\":", *field);
        add_string(text, *field);
    }
    add(text, "}");
}

/* What takes more than is reckoned with, then strings. */
static void add_late(struct text *text)
{
    add(text, "{\"texts\":");
    add_texts(text);
    for (const char *field = "abcdefgh"; *field != '\0'; field++) {
        add(text, ",\"%c\":", *field);
        add_string(text, *field);
    }
    add(text, ",\"many\":[");
    for (char first = 'a'; first <= 'h'; first++) {
        add_string(text, first);
        add(text, first < 'h' ? "," : "]}");
    }
}

static void add_lates(struct text *text)
{
    add(text, "{\"lates\":[");
    add_late(text);
    add(text, "]}");
}

static void add_words(struct text *text)
{
    add(text, "{\"s\":");
    add_string(text, 's');
    if (text->whole) {
        add(text, ",\"tags\":[");
        for (char first = 'a'; first <= 'e'; first++) {
            add_string(text, first);
            add(text, first < 'e' ? "," : "],\"end\":");
        }
        add_string(text, 'e');
    }
    add(text, ",\"n\":{\"one\":1,\"two\":200000000000,");
    add_string(text, 'x');
    add(text, ":3},\"numbers\":[0,-1,64,-8192,100000,2147483647,-2147483648],"
              "\"longs\":[0,1,-70368744177664,9223372036854775807,-9223372036854775808],"
              "\"shorts\":[1,-200,32767,-32768]}");
}

static void add_map(struct text *text, const char *field, const char *one, const char *other)
{
    add(text, "\"%s\":{\"one\":%s,", field, one);
    add_string(text, 'k');
    add(text, ":%s},", other);
}

static void add_maps(struct text *text)
{
    add(text, "{\"text\":{");
    for (char first = 'a'; first <= 'c'; first++) {
        add(text, "\"%c", first);
        for (int i = 0; i < text->string; i++) {
            add(text, "k");
        }
        add(text, "\":");
        add_string(text, first);
        add(text, first < 'c' ? "," : "},");
    }
    add_map(text, "yes", "true", "false");
    add_map(text, "tiny", "-1", "127");
    add_map(text, "small", "-1", "32767");
    add_map(text, "id", "-1", "2147483647");
    add_map(text, "color", "1", "2");
    add_map(text, "real", "-1", "0.1");
    add_map(text, "key", "\"00112233-4455-6677-8899-aabbccddeeff\"",
            "\"ffeeddcc-bbaa-9988-7766-554433221100\"");
    add(text, "\"other\":{\"1\":");
    add_string(text, 'o');
    add(text, ",\"-70000\":\"\"}}");
}

/* A list of three by that function, the last with all of its fields. */
static void add_list(struct text *text, const char *field, void (*item)(struct text *text))
{
    bool whole = text->whole;

    add(text, ",\"%s\":[", field);
    for (int i = 0; i < 3; i++) {
        text->whole = i == 2 || whole;
        item(text);
        add(text, i < 2 ? "," : "]");
    }
    text->whole = whole;
}

static void add_root(struct text *text)
{
    add(text, "{\"flat\":");
    add_flat(text);
    add(text, ",\"two\":");
    add_two(text);
    add(text, ",\"three\":");
    add_three(text);
    add(text, ",\"words\":");
    add_words(text);
    add(text, ",\"maps\":");
    add_maps(text);
    add_list(text, "flats", add_flat);
    add_list(text, "twos", add_two);
    add_list(text, "more_words", add_words);
    add_list(text, "threes", add_three);
    add(text, ",\"named\":{\"a\":");
    add_flat(text);
    add(text, "},\"texts\":[\"\",");
    add_string(text, 't');
    add(text, "]}");
}

static const struct form {
    const char *name, *deep;
    void (*add)(struct text *text);
    size_t step; /* from one room to the next */
} forms[] = {
    {"Flat", "FlatDeep", add_flat, 1},    {"Two", "TwoDeep", add_two, 1},
    {"Three", "ThreeDeep", add_three, 3}, {"Words", "WordsDeep", add_words, 1},
    {"Texts", "TextsDeep", add_texts, 1}, {"Lates", "LatesDeep", add_lates, 1},
    {"Maps", "MapsDeep", add_maps, 1},    {"Root", "RootDeep", add_root, 13},
};

static thrift_record *record_of(const thrift_schema *schema, const char *type,
                                const struct text *text)
{
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_record *record =
        thrift_decode(schema, type, THRIFT_PLAIN_JSON,
                      (thrift_bytes){(const uint8_t *)text->data, text->size}, NULL, &err);

    ck_assert_msg(record != NULL, "%s: %s", err.source, err.message);
    return record;
}

/* Into a block of just that size, so that writing too far is seen. */
static void check_room(const thrift_record *record, thrift_protocol protocol, size_t room,
                       thrift_bytes expected)
{
    thrift_buffer out = THRIFT_BUFFER_INIT;

    out.data = malloc(room);
    out.capacity = room;
    ck_assert_ptr_nonnull(out.data);
    out.data[0] = 0x5a;
    out.size = 1;
    ck_assert_int_eq(thrift_encode(record, protocol, NULL, &out, NULL), THRIFT_OK);
    ck_assert_uint_eq(out.size, 1 + expected.size);
    ck_assert_uint_eq(out.data[0], 0x5a);
    ck_assert_mem_eq(out.data + 1, expected.data, expected.size);
    thrift_buffer_deinit(&out);
}

static void check(const thrift_schema *schema, const struct form *form, struct text *text,
                  thrift_protocol protocol)
{
    thrift_record *record, *deep;
    thrift_buffer expected = THRIFT_BUFFER_INIT;
    size_t step;

    text->size = 0;
    form->add(text);
    record = record_of(schema, form->name, text);
    deep = record_of(schema, form->deep, text);
    ck_assert_int_eq(thrift_encode(deep, protocol, NULL, &expected, NULL), THRIFT_OK);
    step = form->step + expected.size / 500;
    for (size_t room = 1; room < expected.size + 200; room += step) {
        check_room(record, protocol, room, (thrift_bytes){expected.data, expected.size});
    }
    thrift_buffer_deinit(&expected);
    thrift_record_free(record);
    thrift_record_free(deep);
}

START_TEST(any_room)
{
    const struct form *form = &forms[(size_t)_i / COUNT_OF(protocols)];
    thrift_protocol protocol = protocols[(size_t)_i % COUNT_OF(protocols)];
    thrift_schema *schema = schema_of(definition);
    struct text *text = malloc(sizeof *text);

    ck_assert_ptr_nonnull(text);
    for (size_t i = 0; i < COUNT_OF(sizes); i++) {
        text->string = sizes[i];
        for (int whole = 0; whole <= 1; whole++) {
            text->whole = whole != 0;
            check(schema, form, text, protocol);
        }
    }
    free(text);
    thrift_schema_unref(schema);
}
END_TEST

/* Heads of compact tell the distance to the field before, which may be one that is not set. */
START_TEST(fields_left_out)
{
    static const char *const optional[] = {"large", "color"};
    thrift_schema *schema = schema_of(definition);
    struct text text = {.string = 10, .whole = true};
    thrift_record *record, *deep;

    add_flat(&text);
    record = record_of(schema, "Flat", &text);
    deep = record_of(schema, "FlatDeep", &text);
    for (size_t i = 0; i < COUNT_OF(optional); i++) {
        thrift_buffer expected = THRIFT_BUFFER_INIT;

        thrift_unset(record, optional[i]);
        thrift_unset(deep, optional[i]);
        ck_assert_int_eq(thrift_encode(deep, protocols[_i], NULL, &expected, NULL), THRIFT_OK);
        check_room(record, protocols[_i], 1024, (thrift_bytes){expected.data, expected.size});
        thrift_buffer_deinit(&expected);
    }
    thrift_record_free(record);
    thrift_record_free(deep);
    thrift_schema_unref(schema);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_loop_test(tests, any_room, 0, COUNT_OF(forms) * COUNT_OF(protocols));
    tcase_add_loop_test(tests, fields_left_out, 0, COUNT_OF(protocols));
}

SUITE_MAIN("codec/encode_flat")
