/*
 * Growing byte arrays: appending, consuming, growth, exhaustion.
 */
#include "base/buffer.h"

#include "allocator.h"
#include "suite.h"

START_TEST(appends_in_order_across_growth)
{
    thrift_buffer buffer = THRIFT_BUFFER_INIT;

    for (unsigned i = 0; i < 5000; i++) {
        uint8_t pair[2] = {(uint8_t)(i >> 8), (uint8_t)(i & 0xff)};

        ck_assert(buffer_append(&buffer, pair, sizeof pair));
    }
    ck_assert_uint_eq(buffer.size, 10000);
    for (size_t i = 0; i < 5000; i++) {
        ck_assert_uint_eq(buffer.data[2 * i] * 256u + buffer.data[2 * i + 1], i);
    }
    ck_assert_ptr_eq(buffer_bytes(&buffer).data, buffer.data);
    ck_assert_uint_eq(buffer_bytes(&buffer).size, buffer.size);
    thrift_buffer_deinit(&buffer);
    ck_assert_ptr_null(buffer.data);
    thrift_buffer_deinit(&buffer);
    thrift_buffer_deinit(NULL);
}
END_TEST

START_TEST(nothing_appended_needs_nothing)
{
    thrift_buffer buffer = THRIFT_BUFFER_INIT;

    ck_assert(buffer_append(&buffer, NULL, 0));
    ck_assert_ptr_null(buffer.data);
    buffer_consume(&buffer, 0);
    thrift_buffer_deinit(&buffer);
}
END_TEST

START_TEST(consuming_moves_the_rest_to_the_front)
{
    thrift_buffer buffer = THRIFT_BUFFER_INIT;

    ck_assert(buffer_append(&buffer, "abcdef", 6));
    buffer_consume(&buffer, 2);
    ck_assert_uint_eq(buffer.size, 4);
    ck_assert_mem_eq(buffer.data, "cdef", 4);
    buffer_consume(&buffer, 4);
    ck_assert_uint_eq(buffer.size, 0);
    thrift_buffer_deinit(&buffer);
}
END_TEST

START_TEST(a_size_that_overflows_loses_nothing)
{
    thrift_buffer buffer = THRIFT_BUFFER_INIT;

    ck_assert(buffer_append(&buffer, "abc", 3));
    ck_assert(!buffer_reserve(&buffer, SIZE_MAX));
    ck_assert(!buffer_reserve(&buffer, SIZE_MAX - 2));
    ck_assert_mem_eq(buffer.data, "abc", 3);
    thrift_buffer_deinit(&buffer);
}
END_TEST

START_TEST(growth_is_logarithmic_in_the_size)
{
    struct failing_allocator memory = {0};
    thrift_buffer buffer = {NULL, 0, 0, failing_allocator_of(&memory)};

    bool fits = true;

    for (size_t i = 0; i < 1 << 20; i++) {
        fits = fits && buffer_append(&buffer, "x", 1);
    }
    ck_assert(fits);
    ck_assert_uint_le(memory.count, 13);
    thrift_buffer_deinit(&buffer);
    ck_assert_uint_eq(memory.live, 0);
}
END_TEST

START_TEST(failed_growth_loses_nothing)
{
    struct failing_allocator memory = {.fail_at = 2};
    thrift_buffer buffer = {NULL, 0, 0, failing_allocator_of(&memory)};
    uint8_t block[300] = {1};

    ck_assert(buffer_append(&buffer, "abc", 3));
    ck_assert(!buffer_append(&buffer, block, sizeof block));
    ck_assert_uint_eq(buffer.size, 3);
    ck_assert_mem_eq(buffer.data, "abc", 3);
    ck_assert(buffer_append(&buffer, block, sizeof block));
    thrift_buffer_deinit(&buffer);
    ck_assert_uint_eq(memory.live, 0);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_test(tests, appends_in_order_across_growth);
    tcase_add_test(tests, nothing_appended_needs_nothing);
    tcase_add_test(tests, consuming_moves_the_rest_to_the_front);
    tcase_add_test(tests, a_size_that_overflows_loses_nothing);
    tcase_add_test(tests, growth_is_logarithmic_in_the_size);
    tcase_add_test(tests, failed_growth_loses_nothing);
}

SUITE_MAIN("base/buffer")
