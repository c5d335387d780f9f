/*
 * Tagging and untagging: every C type in, every Thrift type out.
 */
#include "sample.h"
#include "value/record.h"

START_TEST(c_types_are_tagged)
{
    char text[] = "x";
    uint8_t byte = 200;
    float real = 0.5f;
    thrift_uuid uuid = {{1}};

    ck_assert_int_eq(THRIFT_VALUE((char)1).kind, THRIFT_KIND_I64);
    ck_assert(THRIFT_VALUE((signed char)-1).as.integer == -1);
    ck_assert(THRIFT_VALUE((short)-2).as.integer == -2);
    ck_assert(THRIFT_VALUE(-3).as.integer == -3);
    ck_assert(THRIFT_VALUE(-4L).as.integer == -4);
    ck_assert(THRIFT_VALUE(-5LL).as.integer == -5);
    ck_assert(THRIFT_VALUE(byte).as.integer == 200);
    ck_assert(THRIFT_VALUE(6u).as.integer == 6);
    ck_assert(THRIFT_VALUE(UINT64_MAX).flags != 0);
    ck_assert(THRIFT_VALUE((uint64_t)INT64_MAX).flags == 0);
    ck_assert(THRIFT_VALUE(real).as.real == 0.5);
    ck_assert(THRIFT_VALUE((bool)1).as.boolean);
    ck_assert_int_eq(THRIFT_VALUE(text).kind, THRIFT_KIND_STRING);
    ck_assert_uint_eq(THRIFT_VALUE("abc").as.bytes.size, 3);
    ck_assert_int_eq(THRIFT_VALUE(uuid).as.uuid.bytes[0], 1);
    ck_assert_int_eq(THRIFT_VALUE(NULL).kind, THRIFT_KIND_NONE);
    ck_assert(THRIFT_VALUE(NULL).flags == 0);
    ck_assert(THRIFT_VALUE((void *)text).flags != 0);
    ck_assert_int_eq(THRIFT_VALUE((const char *)NULL).kind, THRIFT_KIND_NONE);
    ck_assert_int_eq(THRIFT_VALUE((thrift_record *)NULL).kind, THRIFT_KIND_NONE);
    ck_assert_int_eq(THRIFT_VALUE((const thrift_list *)NULL).kind, THRIFT_KIND_NONE);
    ck_assert_int_eq(THRIFT_VALUE((thrift_map *)NULL).kind, THRIFT_KIND_NONE);
    ck_assert_int_eq(THRIFT_VALUE(((thrift_bytes){NULL, 0})).kind, THRIFT_KIND_NONE);
    ck_assert(THRIFT_VALUE(((thrift_bytes){NULL, 1})).flags != 0);
    ck_assert_int_eq(THRIFT_VALUE(THRIFT_VALUE(1)).kind, THRIFT_KIND_I64);
}
END_TEST

static const struct {
    const char *field;
    thrift_kind kind;
} kinds[] = {
    {"flag", THRIFT_KIND_BOOL},   {"tiny", THRIFT_KIND_I8},        {"small", THRIFT_KIND_I16},
    {"id", THRIFT_KIND_I32},      {"big", THRIFT_KIND_I64},        {"real", THRIFT_KIND_DOUBLE},
    {"text", THRIFT_KIND_STRING}, {"raw", THRIFT_KIND_BINARY},     {"uid", THRIFT_KIND_UUID},
    {"color", THRIFT_KIND_ENUM},  {"address", THRIFT_KIND_RECORD}, {"tags", THRIFT_KIND_LIST},
    {"numbers", THRIFT_KIND_SET}, {"counts", THRIFT_KIND_MAP},
};

/* Each as_ function accepts its own kinds and notes all others. */
START_TEST(wrong_kind_is_a_mistake)
{
    thrift_record *all = sample_new("All");
    thrift_kind kind = kinds[_i].kind;
    thrift_value value;
    thrift_uuid uuid;
    bool text = kind == THRIFT_KIND_STRING || kind == THRIFT_KIND_BINARY;

    sample_fill(all);
    value = thrift_get(all, kinds[_i].field);
    ck_assert_int_eq(value.kind, kind);
    ck_assert(thrift_as_bool(value) == (kind == THRIFT_KIND_BOOL));
    ck_assert((thrift_as_double(value) != 0) == (kind == THRIFT_KIND_DOUBLE));
    ck_assert((thrift_as_string(value) != NULL) == (text || kind == THRIFT_KIND_ENUM));
    ck_assert((thrift_as_bytes(value).data != NULL) == text);
    uuid = thrift_as_uuid(value);
    ck_assert((uuid.bytes[0] != 0) == (kind == THRIFT_KIND_UUID));
    ck_assert((thrift_as_record(value) != NULL) == (kind == THRIFT_KIND_RECORD));
    ck_assert((thrift_as_list(value) != NULL) ==
              (kind == THRIFT_KIND_LIST || kind == THRIFT_KIND_SET));
    ck_assert((thrift_as_map(value) != NULL) == (kind == THRIFT_KIND_MAP));
    ck_assert_int_eq(thrift_check(all, NULL), THRIFT_E_TYPE);
    thrift_record_free(all);
}
END_TEST

START_TEST(integers_by_range)
{
    thrift_record *all = sample_new("All");

    thrift_set(all, "big", 300);
    ck_assert_int_eq(thrift_as_i16(thrift_get(all, "big")), 300);
    ck_assert_int_eq(thrift_as_i32(thrift_get(all, "big")), 300);
    ASSERT_GOOD(all);
    ck_assert_int_eq(thrift_as_i8(thrift_get(all, "big")), 0);
    ASSERT_MISTAKE(all, THRIFT_E_RANGE, "300 was read as i8");
    thrift_record_free(all);
}
END_TEST

START_TEST(nothing_is_zero_without_mistake)
{
    thrift_value none = THRIFT_VALUE(NULL);

    ck_assert(!thrift_as_bool(none));
    ck_assert_int_eq(thrift_as_i8(none), 0);
    ck_assert_int_eq(thrift_as_i16(none), 0);
    ck_assert_int_eq(thrift_as_i32(none), 0);
    ck_assert(thrift_as_i64(none) == 0);
    ck_assert(thrift_as_double(none) == 0);
    ck_assert_ptr_null(thrift_as_string(none));
    ck_assert_ptr_null(thrift_as_bytes(none).data);
    ck_assert_int_eq(thrift_as_uuid(none).bytes[15], 0);
    ck_assert_ptr_null(thrift_as_record(none));
    ck_assert_ptr_null(thrift_as_list(none));
    ck_assert_ptr_null(thrift_as_map(none));
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_test(tests, c_types_are_tagged);
    tcase_add_loop_test(tests, wrong_kind_is_a_mistake, 0, COUNT_OF(kinds));
    tcase_add_test(tests, integers_by_range);
    tcase_add_test(tests, nothing_is_zero_without_mistake);
}

SUITE_MAIN("value/value")
