/*
 * Records as roots: made by name, refused, freed; presence bits.
 */
#include "value/record.h"

#include "sample.h"

START_TEST(made_by_name)
{
    thrift_schema *schema = sample_schema();
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_record *record = thrift_record_new(schema, "Address", &err);

    ck_assert_str_eq(thrift_struct_name(thrift_record_type(record)), "Address");
    thrift_record_free(record);
    ck_assert_ptr_null(thrift_record_new(schema, "Adress", &err));
    ck_assert_int_eq(err.code, THRIFT_E_NAME);
    ck_assert_ptr_null(thrift_record_new(schema, "Color", &err));
    ck_assert_int_eq(err.code, THRIFT_E_NAME);
    ck_assert_ptr_null(thrift_record_new(schema, NULL, &err));
    ck_assert_int_eq(err.code, THRIFT_E_NAME);
    thrift_schema_unref(schema);
}
END_TEST

START_TEST(failed_parent_leaves_the_error)
{
    thrift_error err = THRIFT_ERROR_INIT;

    thrift_schema *schema = thrift_load_text("x.thrift", "struct {", NULL, &err);

    ck_assert_ptr_null(schema);
    ck_assert_ptr_null(thrift_record_new(schema, "X", &err));
    ck_assert_int_eq(err.code, THRIFT_E_SYNTAX);
    ck_assert_ptr_null(thrift_record_copy(NULL, &err));
    ck_assert_int_eq(err.code, THRIFT_E_SYNTAX);
}
END_TEST

START_TEST(presence_is_set_and_cleared)
{
    thrift_record *all = sample_new("All");
    const struct layout *layout = all->layout;

    for (uint32_t i = 0; i < layout->field_count; i++) {
        record_mark(all, &layout->fields[i]);
        for (uint32_t j = 0; j < layout->field_count; j++) {
            ck_assert(record_has(all, &layout->fields[j]) == (j == i));
        }
        record_clear(all, &layout->fields[i]);
    }
    ck_assert_mem_eq(&record_presence(all)[0], &record_presence_const(layout->shared_empty)[0], 8);
    thrift_record_free(all);
}
END_TEST

START_TEST(clearing_brings_the_default_back)
{
    thrift_record *all = sample_new("All");

    thrift_set(all, "limit", 1, "note", "n", "home.city", "x");
    thrift_unset(all, "limit");
    thrift_unset(all, "note");
    thrift_unset(all, "home");
    ck_assert_mem_eq((uint8_t *)all + sizeof *all,
                     (const uint8_t *)all->layout->image + sizeof *all,
                     all->layout->size - sizeof *all);
    thrift_record_free(all);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_test(tests, made_by_name);
    tcase_add_test(tests, failed_parent_leaves_the_error);
    tcase_add_test(tests, presence_is_set_and_cleared);
    tcase_add_test(tests, clearing_brings_the_default_back);
}

SUITE_MAIN("value/record")
