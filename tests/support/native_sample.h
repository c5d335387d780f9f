/*
 * One C struct with every kind of member, and its definition.
 */
#ifndef SUPPORT_NATIVE_SAMPLE_H
#define SUPPORT_NATIVE_SAMPLE_H

#include <rethrift/native.h>

static const char sample_idl[] =
    "enum Color { RED = 1, GREEN = 2, BLUE = 5 }\n"
    "struct Point { 1: required i32 x, 2: i32 y = 7 }\n"
    "union Choice { 1: string text, 2: i64 number, 3: Point point }\n"
    "struct Node { 1: i32 value, 2: optional Node next }\n"
    "struct Every {\n"
    "  1: bool b, 2: i8 i8, 3: i16 i16, 4: i32 i32, 5: i64 i64, 6: double d,\n"
    "  7: Color color, 8: uuid id, 9: uuid octets,\n"
    "  10: required string text, 11: string chars, 12: string view, 13: binary blob,\n"
    "  14: Point inside, 15: optional Point behind, 16: Choice choice,\n"
    "  17: list<i32> numbers, 18: list<string> names, 19: list<Point> points,\n"
    "  20: set<i64> bag, 21: map<string, i32> counts, 22: map<i32, Point> places,\n"
    "  23: list<list<i32>> rows, 24: map<string, list<string>> index,\n"
    "  25: optional i32 maybe, 26: optional string hint = \"none\", 27: i32 level = 3,\n"
    "  28: optional Node node, 29: list<bool> flags, 30: list<double> reals,\n"
    "  31: string skipped, 32: i32 also_skipped = 9, 40: bool late, 300: i16 far,\n"
    "  -5: i8 below\n"
    "}\n";

enum color { RED = 1, GREEN = 2, BLUE = 5 };

struct point {
    int32_t x, y;
};
THRIFT_NATIVE(point_native, struct point, "Point", x, y);

struct choice {
    int16_t which;
    union {
        const char *text;
        int64_t number;
        struct point point;
    } as;
};
THRIFT_NATIVE_TABLE(choice_native, struct choice, "Choice", THRIFT_TAG(struct choice, which),
                    THRIFT_MEMBER(struct choice, as.text, THRIFT_AS("text")),
                    THRIFT_MEMBER(struct choice, as.number, THRIFT_AS("number")),
                    THRIFT_STRUCT_MEMBER(struct choice, as.point, struct point, &point_native,
                                         THRIFT_AS("point")));

struct node {
    int32_t value;
    struct node *next;
};
static const thrift_native_struct node_native;
THRIFT_NATIVE_TABLE(node_native, struct node, "Node", THRIFT_MEMBER(struct node, value),
                    THRIFT_STRUCT_MEMBER(struct node, next, struct node, &node_native));

struct count {
    const char *key;
    int32_t value;
};
THRIFT_NATIVE(count_native, struct count, "entry of counts", key, value);

struct placed {
    int32_t key;
    struct point value;
};
THRIFT_NATIVE_TABLE(placed_native, struct placed, "entry of places",
                    THRIFT_MEMBER(struct placed, key),
                    THRIFT_STRUCT_MEMBER(struct placed, value, struct point, &point_native));

struct row {
    int32_t *items;
    size_t count;
};
THRIFT_NATIVE_TABLE(row_native, struct row, "list<i32>",
                    THRIFT_LIST_MEMBER(struct row, items, count));

struct indexed {
    char *word;
    const char **where;
    size_t where_count;
};
THRIFT_NATIVE_TABLE(indexed_native, struct indexed, "entry of index",
                    THRIFT_MEMBER(struct indexed, word, THRIFT_AS("key")),
                    THRIFT_LIST_MEMBER(struct indexed, where, where_count, THRIFT_AS("value")));

struct every {
    bool b, has_maybe, has_color;
    int8_t i8, below;
    int16_t i16, far;
    int32_t i32, maybe, level;
    int64_t i64;
    double d;
    enum color color;
    thrift_uuid id;
    uint8_t octets[16];
    const char *text;
    char chars[8];
    thrift_bytes view, blob;
    struct point inside;
    struct point *behind;
    struct choice choice;
    struct {
        int32_t *items;
        size_t count;
    } numbers;
    char **names;
    size_t name_count;
    struct point *points;
    size_t point_count;
    int64_t *bag;
    size_t bag_count;
    struct count *counts;
    size_t count_count;
    struct placed *places;
    size_t place_count;
    struct row *rows;
    size_t row_count;
    struct indexed *index;
    size_t index_count;
    char *hint;
    struct node *node;
    bool *flags;
    size_t flag_count;
    double *reals;
    size_t real_count;
    bool late;
    int32_t only_in_c;
};
THRIFT_NATIVE_TABLE(
    every_native, struct every, "Every", THRIFT_MEMBER(struct every, b),
    THRIFT_MEMBER(struct every, i8), THRIFT_MEMBER(struct every, i16),
    THRIFT_MEMBER(struct every, i32), THRIFT_MEMBER(struct every, i64),
    THRIFT_MEMBER(struct every, d),
    THRIFT_MEMBER(struct every, color, THRIFT_HAS(struct every, has_color)),
    THRIFT_MEMBER(struct every, id), THRIFT_MEMBER(struct every, octets),
    THRIFT_MEMBER(struct every, text), THRIFT_MEMBER(struct every, chars),
    THRIFT_MEMBER(struct every, view), THRIFT_MEMBER(struct every, blob),
    THRIFT_STRUCT_MEMBER(struct every, inside, struct point, &point_native),
    THRIFT_STRUCT_MEMBER(struct every, behind, struct point, &point_native),
    THRIFT_STRUCT_MEMBER(struct every, choice, struct choice, &choice_native),
    THRIFT_LIST_MEMBER(struct every, numbers.items, numbers.count, THRIFT_AS("numbers")),
    THRIFT_LIST_MEMBER(struct every, names, name_count),
    THRIFT_STRUCTS_MEMBER(struct every, points, point_count, struct point, &point_native),
    THRIFT_LIST_MEMBER(struct every, bag, bag_count),
    THRIFT_STRUCTS_MEMBER(struct every, counts, count_count, struct count, &count_native),
    THRIFT_STRUCTS_MEMBER(struct every, places, place_count, struct placed, &placed_native),
    THRIFT_STRUCTS_MEMBER(struct every, rows, row_count, struct row, &row_native),
    THRIFT_STRUCTS_MEMBER(struct every, index, index_count, struct indexed, &indexed_native),
    THRIFT_MEMBER(struct every, maybe, THRIFT_HAS(struct every, has_maybe)),
    THRIFT_MEMBER(struct every, hint), THRIFT_MEMBER(struct every, level),
    THRIFT_STRUCT_MEMBER(struct every, node, struct node, &node_native),
    THRIFT_LIST_MEMBER(struct every, flags, flag_count),
    THRIFT_LIST_MEMBER(struct every, reals, real_count), THRIFT_MEMBER(struct every, late),
    THRIFT_MEMBER(struct every, far), THRIFT_MEMBER(struct every, below),
    THRIFT_MEMBER(struct every, only_in_c, THRIFT_IF_DEFINED));

#endif
