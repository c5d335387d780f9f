/*
 * Copies: equal to what they are of, and their own; big, deep and random ones; no memory.
 *
 * Covers also: translate.c.
 */
#include "value/copy.h"

#include "sample.h"
#include "value/list.h"
#include "value/mapping.h"
#include "value/record.h"

START_TEST(copy_outlives_its_original)
{
    thrift_record *all = sample_new("All");
    thrift_record *copy;

    sample_fill(all);
    copy = thrift_record_copy(all, NULL);
    ck_assert_ptr_nonnull(copy);
    ck_assert(thrift_record_equal(all, copy));
    thrift_set(all, "tags[0]", "changed", "address.city", "changed", "counts{\"a\"}", 99);
    ck_assert(!thrift_record_equal(all, copy));
    thrift_record_free(all);
    ck_assert_str_eq(thrift_get_string(copy, "tags[0]"), "one");
    ck_assert_str_eq(thrift_get_string(copy, "address.city"), "Oslo");
    ck_assert_int_eq(thrift_get_i32(copy, "counts{\"a\"}"), 1);
    ck_assert_str_eq(thrift_get_string(copy, "homes[0].city"), "Wien");
    ASSERT_GOOD(copy);
    thrift_record_free(copy);
}
END_TEST

START_TEST(part_becomes_a_root)
{
    thrift_record *all = sample_new("All");
    thrift_record *home;

    sample_fill(all);
    home = thrift_record_copy(thrift_get_record(all, "homes[0]"), NULL);
    thrift_record_free(all);
    ck_assert_str_eq(thrift_get_string(home, "city"), "Wien");
    thrift_set(home, "city", "Linz");
    thrift_record_free(home);
}
END_TEST

START_TEST(shared_constants_stay_shared)
{
    thrift_record *all = sample_new("All");
    thrift_record *copy;

    thrift_set(all, "words", thrift_get_list(all, "words"), "home", thrift_get_record(all, "home"));
    copy = thrift_record_copy(all, NULL);
    ck_assert(thrift_has(copy, "words"));
    ck_assert_ptr_null(thrift_get_list(copy, "words")->root);
    thrift_record_free(all);
    thrift_list_add(thrift_open_list(copy, "words"), "c");
    ck_assert_uint_eq(thrift_list_count(thrift_get_list(copy, "words")), 3);
    ck_assert_str_eq(thrift_get_string(copy, "home.city"), "Bern");
    thrift_record_free(copy);
}
END_TEST

START_TEST(record_set_in_itself)
{
    thrift_record *node = sample_new("Node");

    thrift_set(node, "value", 1);
    thrift_set(node, "next", node);
    thrift_set(node, "next.next", node);
    ck_assert_int_eq(thrift_get_i32(node, "next.next.next.value"), 1);
    ck_assert(!thrift_has(node, "next.next.next.next"));
    ASSERT_GOOD(node);
    thrift_record_free(node);
}
END_TEST

/* Deeper than any stack could recurse. */
START_TEST(deep_values_need_no_stack)
{
    enum { DEPTH = 200000 };
    thrift_record *node = sample_new("Node"), *at = node;
    thrift_record *copy;

    for (int i = 0; i < DEPTH; i++) {
        thrift_set(at, "value", i);
        at = i % 2 == 0 ? thrift_open_record(at, "next")
                        : thrift_list_add_record(thrift_open_list(at, "kids"));
    }
    copy = thrift_record_copy(node, NULL);
    ck_assert(thrift_record_equal(node, copy));
    ck_assert_uint_eq(thrift_record_hash(node), thrift_record_hash(copy));
    ASSERT_GOOD(copy);
    thrift_record_free(node);
    thrift_record_free(copy);
}
END_TEST

static uint64_t random_state;

static uint32_t random_below(uint32_t limit)
{
    random_state = random_state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(random_state >> 33) % limit;
}

static const char *const base_types[] = {"bool",   "i8",     "i16",  "i32",    "i64",
                                         "double", "string", "uuid", "binary", "E"};

static void write_type(char *out, size_t room, int depth, int structs)
{
    char inner[256];
    uint32_t choice = random_below(depth > 0 ? 16 : 11);

    if (choice < COUNT_OF(base_types)) {
        snprintf(out, room, "%s", base_types[choice]);
    } else if (choice == 10 || structs == 0) {
        snprintf(out, room, structs > 0 ? "S%u" : "i32",
                 structs > 0 ? random_below((uint32_t)structs) : 0);
    } else if (choice < 14) {
        write_type(inner, sizeof inner, depth - 1, structs);
        snprintf(out, room, "%s<%s>", choice < 13 ? "list" : "set", inner);
    } else {
        char key[16];

        snprintf(key, sizeof key, "%s", base_types[random_below(COUNT_OF(base_types))]);
        write_type(inner, sizeof inner, depth - 1, structs);
        snprintf(out, room, "map<%s, %s>", key, inner);
    }
}

/* Structs that only use earlier ones, so that required fields are possible. */
static void write_schema(char *out, size_t room, int structs)
{
    static const char *const requiredness[] = {"", "optional", "required"};
    size_t used = (size_t)snprintf(out, room, "enum E { A = 1, B = -7, C = 100 }\n");

    for (int s = 0; s < structs; s++) {
        bool is_union = random_below(5) == 0;
        uint32_t fields = 1 + random_below(12);

        used += (size_t)snprintf(out + used, room - used, "%s S%d {\n",
                                 is_union ? "union" : "struct", s);
        for (uint32_t f = 0; f < fields; f++) {
            char type[400];

            write_type(type, sizeof type, 2, s);
            used += (size_t)snprintf(out + used, room - used, "  %u: %s %s f%u\n", f + 1,
                                     is_union ? "" : requiredness[random_below(3)], type, f);
        }
        used += (size_t)snprintf(out + used, room - used, "}\n");
    }
}

static thrift_value random_scalar(const thrift_type *type)
{
    static const char *const texts[] = {"", "a", "longer text than sixteen bytes", "\xc3\xa4"};
    static thrift_uuid uuid;

    thrift_kind kind = thrift_type_kind(type);

    if (kind == THRIFT_KIND_BOOL) {
        return thrift_value_bool(random_below(2) == 1);
    }
    if (kind == THRIFT_KIND_DOUBLE) {
        return thrift_value_real(random_below(1000) / 8.0 - 50);
    }
    if (kind == THRIFT_KIND_STRING || kind == THRIFT_KIND_BINARY) {
        return thrift_value_string(texts[random_below(COUNT_OF(texts))]);
    }
    if (kind == THRIFT_KIND_UUID) {
        uuid.bytes[random_below(16)] = (uint8_t)random_below(256);
        return thrift_value_uuid(uuid);
    }
    if (kind == THRIFT_KIND_ENUM) {
        return thrift_value_string(random_below(2) == 0 ? "A" : "C");
    }
    return thrift_value_integer((int64_t)random_below(200) - 100);
}

/* Fills a record at random; `left` bounds the values altogether. */
struct filling {
    thrift_record *record;
    uint32_t slot;
};

static void fill_list(thrift_list *list, struct filling *todo, size_t *count, uint32_t *left)
{
    const thrift_type *element = list->type->element;

    for (uint32_t n = random_below(5); n > 0 && *left > 0; n--, --*left) {
        if (element->kind == THRIFT_KIND_RECORD) {
            todo[(*count)++] = (struct filling){thrift_list_add_record(list), 0};
        } else if (element->kind == THRIFT_KIND_LIST || element->kind == THRIFT_KIND_SET) {
            thrift_list *inner = thrift_list_add_list(list);

            if (inner->type->element->kind < THRIFT_KIND_RECORD) {
                thrift_list_add_value(inner, random_scalar(inner->type->element));
            }
        } else if (element->kind == THRIFT_KIND_MAP) {
            thrift_list_add_map(list);
        } else {
            thrift_list_add_value(list, random_scalar(element));
        }
    }
}

static void fill_map(thrift_map *map, struct filling *todo, size_t *count, uint32_t *left)
{
    const thrift_type *element = map->type->element;

    for (uint32_t n = random_below(5); n > 0 && *left > 0; n--, --*left) {
        thrift_value key = random_scalar(map->type->key);

        if (element->kind == THRIFT_KIND_RECORD) {
            todo[(*count)++] = (struct filling){thrift_map_put_record(map, key), 0};
        } else if (element->kind < THRIFT_KIND_RECORD) {
            thrift_map_put_value(map, key, random_scalar(element));
        }
    }
}

static void fill(thrift_record *top)
{
    static struct filling todo[4096];
    size_t count = 1;
    uint32_t left = 300;

    todo[0] = (struct filling){top, 0};
    while (count > 0) {
        struct filling now = todo[--count];
        const thrift_struct *type = thrift_record_type(now.record);
        size_t fields = thrift_struct_count(type);
        bool is_union = type->node.kind == THRIFT_NODE_UNION;

        for (size_t i = is_union ? random_below((uint32_t)fields) : 0; i < fields; i++) {
            const thrift_field *field = thrift_struct_at(type, i);
            const char *name = thrift_field_name(field);
            thrift_kind kind = thrift_type_kind(thrift_field_type(field));

            /* A struct of default requiredness would be written empty, its required fields missing.
             */
            if (!is_union && thrift_field_requiredness(field) != THRIFT_FIELD_REQUIRED &&
                (kind != THRIFT_KIND_RECORD ||
                 thrift_field_requiredness(field) == THRIFT_FIELD_OPTIONAL) &&
                (random_below(2) == 0 || left == 0)) {
                continue;
            }
            if (kind == THRIFT_KIND_RECORD) {
                todo[count++] = (struct filling){thrift_open_record(now.record, name), 0};
            } else if (kind == THRIFT_KIND_MAP) {
                fill_map(thrift_open_map(now.record, name), todo, &count, &left);
            } else if (kind >= THRIFT_KIND_LIST) {
                fill_list(thrift_open_list(now.record, name), todo, &count, &left);
            } else {
                thrift_record_set(now.record, field, random_scalar(thrift_field_type(field)));
            }
            if (is_union) {
                break;
            }
        }
    }
}

/* Copy equals; hash agrees; setting field by field gives the same; so does translating to a second
 * load of the same definition. */
START_TEST(random_values_survive_copying)
{
    enum { STRUCTS = 6 };
    static char text[1 << 16];
    char name[8];

    random_state = (uint64_t)_i + 1;
    write_schema(text, sizeof text, STRUCTS);
    thrift_schema *schema = sample_load(text, NULL), *again = sample_load(text, NULL);

    for (int round = 0; round < 20; round++) {
        snprintf(name, sizeof name, "S%d", round % STRUCTS);
        thrift_record *record = thrift_record_new(schema, name, NULL);
        thrift_record *by_field = thrift_record_new(schema, name, NULL);
        thrift_record *other = thrift_record_new(again, name, NULL);
        const thrift_struct *type = thrift_record_type(record);
        thrift_record *copy;

        fill(record);
        ASSERT_GOOD(record);
        copy = thrift_record_copy(record, NULL);
        for (size_t i = 0; i < thrift_struct_count(type); i++) {
            const thrift_field *field = thrift_struct_at(type, i);

            if (thrift_has(record, thrift_field_name(field))) {
                thrift_record_set(by_field, field, thrift_record_get(record, field));
                thrift_record_set(other, field, thrift_record_get(record, field));
            }
        }
        ASSERT_GOOD(by_field);
        ASSERT_GOOD(other);
        ck_assert(thrift_record_equal(record, copy));
        ck_assert(thrift_record_equal(record, by_field));
        ck_assert(thrift_record_hash(record) == thrift_record_hash(by_field));
        ck_assert(thrift_record_hash(record) == thrift_record_hash(other));
        thrift_record_free(record);
        thrift_record_free(copy);
        thrift_record_free(by_field);
        thrift_record_free(other);
    }
    thrift_schema_unref(schema);
    thrift_schema_unref(again);
}
END_TEST

START_TEST(no_memory_is_reported_and_leaks_nothing)
{
    for (size_t k = 1;; k++) {
        struct failing_allocator memory = {0};
        thrift_allocator allocator = failing_allocator_of(&memory);
        thrift_schema *schema = sample_load(sample_text, &allocator);
        thrift_record *all = thrift_record_new(schema, "All", NULL), *copy;
        thrift_error err = THRIFT_ERROR_INIT;

        sample_fill(all);
        memory.fail_at = memory.count + k;
        copy = thrift_record_copy(all, &err);
        ck_assert_int_eq(err.code, copy == NULL ? THRIFT_E_NOMEM : THRIFT_OK);
        thrift_record_free(copy);
        thrift_record_free(all);
        thrift_schema_unref(schema);
        ck_assert_uint_eq(memory.live, 0);
        if (copy != NULL) {
            ck_assert_uint_gt(k, 2);
            return;
        }
    }
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_test(tests, copy_outlives_its_original);
    tcase_add_test(tests, part_becomes_a_root);
    tcase_add_test(tests, shared_constants_stay_shared);
    tcase_add_test(tests, record_set_in_itself);
    tcase_add_test(tests, deep_values_need_no_stack);
    tcase_add_loop_test(tests, random_values_survive_copying, 0, 30);
    tcase_add_test(tests, no_memory_is_reported_and_leaks_nothing);
}

SUITE_MAIN("value/copy")
