/*
 * Type codes: which bytes are types, what their values cost at least, what they are called.
 */
#include "wire/wire_type.h"

#include "suite.h"

START_TEST(twelve_bytes_are_types_of_values)
{
    int valid = 0;

    for (int type = 0; type < 256; type++) {
        bool is_type = wire_type_valid((uint8_t)type);

        valid += is_type;
        ck_assert((wire_type_name((uint8_t)type) != NULL) == is_type);
        ck_assert((compact_least[type] != 0) == is_type);
    }
    ck_assert_int_eq(valid, 12);
    ck_assert(!wire_type_valid(WIRE_STOP));
    ck_assert_str_eq(wire_type_name(WIRE_I32), "i32");
    ck_assert_str_eq(wire_type_name(WIRE_STRUCT), "struct");
}
END_TEST

START_TEST(what_has_one_size_costs_that_at_least)
{
    for (int type = 0; type < 256; type++) {
        ck_assert(binary_fixed[type] == 0 || binary_fixed[type] == binary_least[type]);
        ck_assert(compact_fixed[type] == 0 || compact_fixed[type] == compact_least[type]);
        ck_assert_uint_le(compact_least[type], binary_least[type]);
    }
    ck_assert_uint_eq(binary_fixed[WIRE_I64], 8);
    ck_assert_uint_eq(binary_fixed[WIRE_STRING], 0);
    ck_assert_uint_eq(binary_least[WIRE_MAP], 6);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_test(tests, twelve_bytes_are_types_of_values);
    tcase_add_test(tests, what_has_one_size_costs_that_at_least);
}

SUITE_MAIN("wire/wire_type")
