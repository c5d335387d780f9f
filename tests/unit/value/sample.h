/*
 * The definition that the tests of values share, and what they do again and again with it.
 */
#ifndef VALUE_SAMPLE_H
#define VALUE_SAMPLE_H

#include <rethrift/value.h>
#include <stdlib.h>
#include <string.h>

#include "allocator.h"
#include "suite.h"

static const char sample_text[] =
    "enum Color { RED = 1, GREEN = 2, BLUE = 5 }\n"
    "struct Address { 1: string city, 2: optional i32 zip = 1000 }\n"
    "union Choice { 1: i32 number, 2: string text, 3: Address address, 4: list<i32> numbers,\n"
    "               5: i16 small = 9 }\n"
    "struct Node { 1: optional Node next, 2: list<Node> kids, 3: i32 value }\n"
    "struct Strict { 1: required i32 id, 2: optional Strict more }\n"
    "struct Holder { 1: Strict strict, 2: list<Strict> many, 3: map<string, Strict> named,\n"
    "                4: required Choice choice }\n"
    "struct Empty {}\n"
    "struct All {\n"
    "  1: bool flag, 2: i8 tiny, 3: i16 small, 4: i32 id, 5: i64 big, 6: double real,\n"
    "  7: string text, 8: binary raw, 9: uuid uid, 10: Color color, 11: Address address,\n"
    "  12: optional Address other, 13: list<string> tags, 14: set<i32> numbers,\n"
    "  15: map<string, i32> counts, 16: map<i32, Address> places, 17: list<Address> homes,\n"
    "  18: list<list<i64>> grid, 19: Choice choice, 20: map<Color, list<string>> by_color,\n"
    "  21: list<map<string, double>> rows, 22: optional string note = \"none\",\n"
    "  23: i32 limit = 42, 24: list<string> words = [\"a\", \"b\"],\n"
    "  25: optional Address home = {\"city\": \"Bern\"}, 26: optional Color tint = Color.BLUE,\n"
    "  27: map<string, list<i32>> table = {\"x\": [1, 2]}, 28: set<Address> visited,\n"
    "  29: map<list<i32>, string> odd, 30: list<double> doubles, 31: map<bool, i32> sides,\n"
    "  32: map<uuid, i32> owners, 33: map<double, i32> marks, 34: list<i32> ints,\n"
    "  35: set<set<i32>> sets, 36: list<bool> bits, 37: map<string, map<string, i32>> deep }\n"
    "const list<string> NAMES = [\"x\", \"y\"]\n"
    "const Address CAPITAL = {\"city\": \"Bern\"}\n"
    "const i32 ANSWER = 42\n"
    "const map<i32, i32> BIG = {1: 1, 2: 2, 3: 3, 4: 4, 5: 5, 6: 6, 7: 7, 8: 8, 9: 9, 10: 10,\n"
    "                           11: 11, 12: 12, 13: 13, 14: 14}\n"
    "const map<string, list<Address>> OFFICES = {\"eu\": [{\"city\": \"Rome\", \"zip\": 1}], "
    "\"us\": []}\n";

static inline thrift_schema *sample_load(const char *text, const thrift_allocator *allocator)
{
    thrift_load_options options = THRIFT_LOAD_OPTIONS_INIT;
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_schema *schema;

    options.allocator = allocator;
    schema = thrift_load_text("sample.thrift", text, &options, &err);
    ck_assert_msg(schema != NULL, "%s at %u:%u", err.message, (unsigned)err.line,
                  (unsigned)err.column);
    return schema;
}

static inline thrift_schema *sample_schema(void) { return sample_load(sample_text, NULL); }

/* A record whose schema dies with it. */
static inline thrift_record *sample_new(const char *type)
{
    thrift_schema *schema = sample_schema();
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_record *record = thrift_record_new(schema, type, &err);

    ck_assert_msg(record != NULL, "%s", err.message);
    thrift_schema_unref(schema);
    return record;
}

/* Something in every field. */
static inline void sample_fill(thrift_record *all)
{
    static const char uuid[] = "550e8400-e29b-41d4-a716-446655440000";

    thrift_set(all, "flag", true, "tiny", -8, "small", 300, "id", 70000, "big", INT64_MIN, "real",
               0.25, "text", "t\xc3\xa4xt", "uid", uuid, "color", "BLUE");
    thrift_set(all, "raw", ((thrift_bytes){(const uint8_t *)"\0\1\xff", 3}), "address.city", "Oslo",
               "other.city", "Rome", "other.zip", 7, "counts{\"a\"}", 1, "counts{\"b\"}", 2);
    thrift_set(all, "places{5}.city", "Graz", "choice.text", "chosen", "deep{\"x\"}{\"y\"}", 3,
               "sides{true}", 1, "marks{0.5}", 2, "owners{550e8400-e29b-41d4-a716-446655440000}",
               4);
    thrift_list_add(thrift_open_list(all, "tags"), "one");
    thrift_list_add(thrift_open_list(all, "tags"), "two");
    for (int i = 0; i < 20; i++) {
        thrift_list_add(thrift_open_list(all, "numbers"), 100 - i);
        thrift_list_add(thrift_open_list(all, "doubles"), i / 2.0);
    }
    thrift_set(thrift_list_add_record(thrift_open_list(all, "homes")), "city", "Wien", "zip", 1);
    thrift_list_add_record(thrift_open_list(all, "homes"));
    thrift_list_add(thrift_list_add_list(thrift_open_list(all, "grid")), 9);
    thrift_list_add_list(thrift_open_list(all, "grid"));
    thrift_list_add(thrift_open_list(all, "by_color{RED}"), "rose");
    thrift_map_put(thrift_list_add_map(thrift_open_list(all, "rows")), "k", 2.5);
    thrift_set(thrift_list_add_record(thrift_open_list(all, "visited")), "city", "Bonn");
    thrift_list_add(thrift_list_add_list(thrift_open_list(all, "sets")), 3);
    thrift_list_add(thrift_open_list(all, "bits"), true);
}

/* The first mistake is this one, and its message says this. */
#define ASSERT_MISTAKE(record, status, part)                                                       \
    do {                                                                                           \
        thrift_error mistake_ = THRIFT_ERROR_INIT;                                                 \
                                                                                                   \
        ck_assert_int_eq(thrift_check((record), &mistake_), (status));                             \
        ck_assert_msg(strstr(mistake_.message, (part)) != NULL, "\"%s\" lacks \"%s\"",             \
                      mistake_.message, (part));                                                   \
    } while (0)
#define ASSERT_GOOD(record)                                                                        \
    do {                                                                                           \
        thrift_error mistake_ = THRIFT_ERROR_INIT;                                                 \
                                                                                                   \
        ck_assert_msg(thrift_check((record), &mistake_) == THRIFT_OK, "%s: %s", mistake_.source,   \
                      mistake_.message);                                                           \
    } while (0)

#define INTEGER(x)                                                                                 \
    {                                                                                              \
        THRIFT_KIND_I64, 0, NULL, { .integer = (x) }                                               \
    }
#define REAL(x)                                                                                    \
    {                                                                                              \
        THRIFT_KIND_DOUBLE, 0, NULL, { .real = (x) }                                               \
    }
#define TRUTH(x)                                                                                   \
    {                                                                                              \
        THRIFT_KIND_BOOL, 0, NULL, { .boolean = (x) }                                              \
    }
#define TEXT(x)                                                                                    \
    {                                                                                              \
        THRIFT_KIND_STRING, 0, NULL,                                                               \
        {                                                                                          \
            .bytes = {(const uint8_t *)(x), sizeof(x) - 1 }                                        \
        }                                                                                          \
    }
#define UNUSABLE                                                                                   \
    {                                                                                              \
        THRIFT_KIND_I64, 1, NULL, { .integer = 0 }                                                 \
    }

#endif
