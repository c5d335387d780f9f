/*
 * Layouts: offsets, presence, required masks, images with defaults, names; no memory.
 *
 * Covers also: names.c, slot.c, constant.c.
 */
#include "value/layout.h"

#include "base/map.h"
#include "sample.h"
#include "value/list.h"
#include "value/mapping.h"
#include "value/names.h"
#include "value/record.h"

static const struct layout *layout_named(const thrift_schema *schema, const char *name)
{
    const thrift_struct *type = thrift_schema_struct(schema, name);
    thrift_error err = THRIFT_ERROR_INIT;
    const struct layout *layout = layout_of(schema, type, &err);

    ck_assert_msg(layout != NULL, "%s", err.message);
    ck_assert_ptr_eq(layout_made(type), layout);
    ck_assert_ptr_eq(layout->type, type);
    return layout;
}

/* What a C compiler makes of the same members. */
struct address_in_c {
    const struct layout *layout;
    struct thrift_root *root;
    uint64_t presence;
    thrift_bytes city;
    int32_t zip;
};

struct choice_in_c {
    const struct layout *layout;
    struct thrift_root *root;
    uint32_t tag;
    union slot member;
};

START_TEST(offsets_are_the_compilers)
{
    thrift_schema *schema = sample_schema();
    const struct layout *address = layout_named(schema, "Address");
    const struct layout *choice = layout_named(schema, "Choice");
    const struct layout *empty = layout_named(schema, "Empty");

    ck_assert_uint_eq(address->size, sizeof(struct address_in_c));
    ck_assert_uint_eq(address->has_offset, offsetof(struct address_in_c, presence));
    ck_assert_uint_eq(address->fields[0].offset, offsetof(struct address_in_c, city));
    ck_assert_uint_eq(address->fields[1].offset, offsetof(struct address_in_c, zip));
    ck_assert(choice->tagged);
    ck_assert_uint_eq(choice->has_offset, offsetof(struct choice_in_c, tag));
    for (uint32_t i = 0; i < choice->field_count; i++) {
        ck_assert_uint_eq(choice->fields[i].offset, offsetof(struct choice_in_c, member));
        ck_assert_uint_eq(choice->fields[i].has, i + 1);
    }
    ck_assert_uint_eq(empty->field_count, 0);
    ck_assert_uint_ge(empty->size, sizeof(thrift_record) + sizeof(uint64_t));
    thrift_schema_unref(schema);
}
END_TEST

START_TEST(fields_do_not_overlap)
{
    thrift_schema *schema = sample_schema();
    const struct layout *all = layout_named(schema, "All");
    uint32_t end = all->has_offset + all->has_words * 8;

    for (uint32_t i = 0; i < all->field_count; i++) {
        const struct layout_field *field = &all->fields[i];

        ck_assert_uint_eq(field->slot, i);
        ck_assert_uint_ge(field->offset, end);
        ck_assert_uint_eq(field->offset % slot_alignment(field->kind), 0);
        ck_assert_uint_eq(field->size, slot_size(field->kind));
        end = field->offset + field->size;
    }
    ck_assert_uint_le(end, all->size);
    ck_assert_uint_eq(all->size % all->alignment, 0);
    thrift_schema_unref(schema);
}
END_TEST

START_TEST(required_fields_have_their_bit)
{
    thrift_schema *schema = sample_schema();

    ck_assert_uint_eq(layout_named(schema, "Strict")->required[0], 1);
    ck_assert_uint_eq(layout_named(schema, "Holder")->required[0], 8);
    ck_assert_uint_eq(layout_named(schema, "Address")->required[0], 0);
    thrift_schema_unref(schema);
}
END_TEST

START_TEST(image_holds_the_declared_defaults)
{
    thrift_schema *schema = sample_schema();
    const struct layout *all = layout_named(schema, "All");
    const thrift_record *image = all->shared_empty;
    const struct layout_field *words = layout_field_named(all, "words", 5);
    const struct layout_field *home = layout_field_named(all, "home", 4);
    const thrift_list *list = *(thrift_list *const *)record_slot_const(image, words);
    const thrift_record *address = *(thrift_record *const *)record_slot_const(image, home);

    ck_assert_ptr_eq(image->layout, all);
    ck_assert_ptr_null(image->root);
    for (uint32_t i = 0; i < all->field_count; i++) {
        ck_assert(!record_has(image, &all->fields[i]));
    }
    ck_assert_uint_eq(list->count, 2);
    ck_assert_ptr_null(list->root);
    ck_assert_mem_eq(((const thrift_bytes *)list->items)[1].data, "b", 2);
    ck_assert_ptr_eq(address->layout, layout_named(schema, "Address"));
    ck_assert(record_has(address, &address->layout->fields[0]));
    ck_assert(!record_has(address, &address->layout->fields[1]));
    ck_assert_int_eq(thrift_get_i32(address, "zip"), 1000);
    ck_assert_ptr_eq(home->default_slot, record_slot_const(image, home));
    thrift_schema_unref(schema);
}
END_TEST

START_TEST(every_name_is_found_and_no_other)
{
    thrift_schema *schema = sample_schema();
    const struct layout *all = layout_named(schema, "All");

    for (uint32_t i = 0; i < all->field_count; i++) {
        const char *name = all->fields[i].field->node.name;

        ck_assert_ptr_eq(layout_field_named(all, name, strlen(name)), &all->fields[i]);
        ck_assert(layout_field_named(all, name, strlen(name) - 1) != &all->fields[i]);
    }
    ck_assert_ptr_null(layout_field_named(all, "", 0));
    ck_assert_ptr_null(layout_field_named(all, "a_name_that_is_longer_than_any_other_here", 41));
    thrift_schema_unref(schema);
}
END_TEST

/* Thousands of fields, names of all lengths. */
START_TEST(wide_structs_are_laid_out)
{
    enum { COUNT = 3000 };
    size_t room = 64 * COUNT;
    char *text = malloc(room);
    size_t used = (size_t)snprintf(text, room, "struct Wide {\n");
    thrift_schema *schema;
    const struct layout *wide;

    for (int i = 1; i <= COUNT; i++) {
        used += (size_t)snprintf(text + used, room - used, "%d: optional %s %.*s_%d\n", i,
                                 i % 3 == 0 ? "i8" : "string", 1 + i % 39,
                                 "f_name_name_name_name_name_name_name_name", i);
    }
    snprintf(text + used, room - used, "}\n");
    schema = sample_load(text, NULL);
    wide = layout_named(schema, "Wide");
    ck_assert_uint_eq(wide->field_count, COUNT);
    ck_assert_uint_eq(wide->has_words, (COUNT + 63) / 64);
    for (uint32_t i = 0; i < wide->field_count; i++) {
        const char *name = wide->fields[i].field->node.name;

        ck_assert_ptr_eq(layout_field_named(wide, name, strlen(name)), &wide->fields[i]);
    }
    thrift_schema_unref(schema);
    free(text);
}
END_TEST

/* Names chosen so that all of them belong at one place of the table. */
START_TEST(names_that_meet_are_hashed_strongly)
{
    enum { COUNT = 100 };
    char text[1 << 13], names[COUNT][16];
    size_t used = (size_t)snprintf(text, sizeof text, "struct Met {\n");
    uint32_t mask = names_places(COUNT) - 1;
    thrift_schema *schema;
    const struct layout *met;

    for (int found = 0, i = 0; found < COUNT; i++) {
        uint32_t hash = NAMES_SEED;

        snprintf(names[found], sizeof names[found], "n%d", i);
        for (const char *at = names[found]; *at != '\0'; at++) {
            hash = NAMES_STEP(hash, *at);
        }
        if ((NAMES_PLACE(hash) & mask) == 0) {
            used += (size_t)snprintf(text + used, sizeof text - used, "%d: i32 %s\n", found + 1,
                                     names[found]);
            found++;
        }
    }
    snprintf(text + used, sizeof text - used, "}\n");
    schema = sample_load(text, NULL);
    met = layout_named(schema, "Met");
    ck_assert(met->names_strong);
    for (uint32_t i = 0; i < COUNT; i++) {
        ck_assert_ptr_eq(names_look_up(met, names[i]), &met->fields[i]);
        ck_assert_ptr_eq(layout_field_named(met, names[i], strlen(names[i])), &met->fields[i]);
    }
    ck_assert_ptr_null(names_look_up(met, "n"));
    ck_assert_ptr_null(layout_field_named(met, "n0\0", 3));
    thrift_schema_unref(schema);
}
END_TEST

START_TEST(constants_and_defaults_are_values)
{
    thrift_schema *schema = sample_schema();
    thrift_value names = thrift_constant_value(thrift_schema_constant(schema, "NAMES"));
    thrift_value capital = thrift_constant_value(thrift_schema_constant(schema, "CAPITAL"));
    thrift_value offices = thrift_constant_value(thrift_schema_constant(schema, "OFFICES"));
    thrift_value rome = thrift_map_find(thrift_as_map(offices), THRIFT_VALUE("eu"));
    const thrift_struct *all = thrift_schema_struct(schema, "All");
    const thrift_struct *choice = thrift_schema_struct(schema, "Choice");

    ck_assert_uint_eq(thrift_list_count(thrift_as_list(names)), 2);
    ck_assert_str_eq(thrift_as_string(thrift_list_at(thrift_as_list(names), 1)), "y");
    ck_assert_str_eq(thrift_get_string(thrift_as_record(capital), "city"), "Bern");
    ck_assert_int_eq(thrift_as_i32(thrift_constant_value(thrift_schema_constant(schema, "ANSWER"))),
                     42);
    ck_assert_int_eq(thrift_get_i32(thrift_list_record(thrift_as_list(rome), 0), "zip"), 1);
    ck_assert_int_eq(thrift_constant_value(NULL).kind, THRIFT_KIND_NONE);
    ck_assert_int_eq(thrift_as_i32(thrift_field_default(thrift_struct_field(all, "limit"))), 42);
    ck_assert_str_eq(thrift_as_string(thrift_field_default(thrift_struct_field(all, "tint"))),
                     "BLUE");
    ck_assert_int_eq(thrift_as_i32(thrift_field_default(thrift_struct_field(choice, "small"))), 9);
    ck_assert_int_eq(thrift_field_default(thrift_struct_field(all, "id")).kind, THRIFT_KIND_NONE);
    thrift_schema_unref(schema);
}
END_TEST

START_TEST(big_constant_maps_have_an_index)
{
    char text[1 << 14];
    size_t used = (size_t)snprintf(text, sizeof text, "const map<string, i32> BIG = {\n");
    thrift_schema *schema;
    const thrift_map *big;

    for (int i = 0; i < 500; i++) {
        used += (size_t)snprintf(text + used, sizeof text - used, "\"k%d\": %d,\n", i, i);
    }
    snprintf(text + used, sizeof text - used, "}\n");
    schema = sample_load(text, NULL);
    big = thrift_as_map(thrift_constant_value(thrift_schema_constant(schema, "BIG")));
    ck_assert_ptr_nonnull(atomic_load(&((thrift_map *)(uintptr_t)big)->index));
    for (int i = 0; i < 500; i++) {
        char key[8];

        snprintf(key, sizeof key, "k%d", i);
        ck_assert_int_eq(thrift_as_i32(thrift_map_find(big, THRIFT_VALUE(key))), i);
    }
    ck_assert_int_eq(thrift_map_find(big, THRIFT_VALUE("k500")).kind, THRIFT_KIND_NONE);
    thrift_schema_unref(schema);
}
END_TEST

START_TEST(no_memory_is_reported_and_leaks_nothing)
{
    for (size_t k = 1;; k++) {
        struct failing_allocator memory = {0};
        thrift_allocator allocator = failing_allocator_of(&memory);
        thrift_schema *schema = sample_load(sample_text, &allocator);
        thrift_error err = THRIFT_ERROR_INIT;
        size_t loaded = memory.count;
        const struct layouts *layouts;

        memory.fail_at = loaded + k;
        layouts = layouts_of(schema, &err);
        ck_assert_int_eq(err.code, layouts == NULL ? THRIFT_E_NOMEM : THRIFT_OK);
        memory.fail_at = 0;
        ck_assert_ptr_nonnull(layouts_of(schema, NULL));
        thrift_schema_unref(schema);
        ck_assert_uint_eq(memory.live, 0);
        if (layouts != NULL) {
            ck_assert_uint_gt(k, 3);
            return;
        }
    }
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_test(tests, offsets_are_the_compilers);
    tcase_add_test(tests, fields_do_not_overlap);
    tcase_add_test(tests, required_fields_have_their_bit);
    tcase_add_test(tests, image_holds_the_declared_defaults);
    tcase_add_test(tests, every_name_is_found_and_no_other);
    tcase_add_test(tests, wide_structs_are_laid_out);
    tcase_add_test(tests, names_that_meet_are_hashed_strongly);
    tcase_add_test(tests, constants_and_defaults_are_values);
    tcase_add_test(tests, big_constant_maps_have_an_index);
    tcase_add_test(tests, no_memory_is_reported_and_leaks_nothing);
}

SUITE_MAIN("value/layout")
