/*
 * TApplicationException: its bytes, and what a reader must bear.
 */
#include "suite.h"

#include "base/buffer.h"
#include "base/limits.h"
#include "wire/message.h"

static const struct {
    const char *name;
    thrift_protocol protocol;
    thrift_bytes bytes;
    thrift_status status;
    int32_t code;
    const char *text;
} cases[] = {
    {"both", THRIFT_BINARY, BYTES(11, 0, 1, 0, 0, 0, 2, 'n', 'o', 8, 0, 2, 0, 0, 0, 1, 0),
     THRIFT_OK, 1, "no"},
    {"other order", THRIFT_BINARY, BYTES(8, 0, 2, 0, 0, 0, 7, 11, 0, 1, 0, 0, 0, 2, 'n', 'o', 0),
     THRIFT_OK, 7, "no"},
    {"none", THRIFT_BINARY, BYTES(0), THRIFT_OK, 0, ""},
    {"unknown and mistyped", THRIFT_BINARY,
     BYTES(12, 0, 9, 2, 0, 1, 1, 0, 8, 0, 1, 0, 0, 0, 1, 8, 0, 2, 0, 0, 0, 6, 0), THRIFT_OK, 6, ""},
    {"no type", THRIFT_BINARY, BYTES(5, 0, 9, 0), THRIFT_E_CORRUPT, 0, NULL},
    {"cut", THRIFT_BINARY, BYTES(11, 0, 1, 0, 0, 0, 2, 'n'), THRIFT_E_TRUNCATED, 0, NULL},
    {"negative text", THRIFT_BINARY, BYTES(11, 0, 1, 0xff, 0, 0, 0, 0), THRIFT_E_CORRUPT, 0, NULL},
    {"compact", THRIFT_COMPACT, BYTES(0x18, 2, 'n', 'o', 0x15, 2, 0), THRIFT_OK, 1, "no"},
    {"compact, unknown", THRIFT_COMPACT, BYTES(0x31, 0x1c, 0x15, 2, 0, 0), THRIFT_OK, 0, ""},
    {"compact, no type", THRIFT_COMPACT, BYTES(0x1f, 0), THRIFT_E_CORRUPT, 0, NULL},
};

START_TEST(reads)
{
    thrift_limits limits = limits_in_force(NULL);
    struct application_error got = {99, {NULL, 0}};
    thrift_bytes input = cases[_i].bytes;
    thrift_error err = THRIFT_ERROR_INIT;

    ck_assert_msg(application_error_read(cases[_i].protocol, &input, &limits, &got, &err) ==
                      cases[_i].status,
                  "%s: %s", cases[_i].name, err.message);
    if (cases[_i].status != THRIFT_OK) {
        ck_assert_int_eq(got.code, 99);
        return;
    }
    ck_assert_uint_eq(input.size, 0);
    ck_assert_int_eq(got.code, cases[_i].code);
    ck_assert_uint_eq(got.text.size, strlen(cases[_i].text));
    ck_assert(got.text.size == 0 || memcmp(got.text.data, cases[_i].text, got.text.size) == 0);
}
END_TEST

START_TEST(writes)
{
    thrift_buffer out = THRIFT_BUFFER_INIT;
    struct application_error error = {1, {(const uint8_t *)"no", 2}};

    ck_assert_int_eq(application_error_write(THRIFT_BINARY, &error, &out, NULL), THRIFT_OK);
    ck_assert_uint_eq(out.size, cases[0].bytes.size);
    ck_assert_mem_eq(out.data, cases[0].bytes.data, out.size);
    out.size = 0;
    ck_assert_int_eq(application_error_write(THRIFT_COMPACT, &error, &out, NULL), THRIFT_OK);
    ck_assert_uint_eq(out.size, cases[7].bytes.size);
    ck_assert_mem_eq(out.data, cases[7].bytes.data, out.size);
    thrift_buffer_deinit(&out);
    ck_assert_str_eq(application_code_name(5), "MISSING_RESULT");
    ck_assert_ptr_null(application_code_name(11));
    ck_assert_ptr_null(application_code_name(-1));
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_loop_test(tests, reads, 0, COUNT_OF(cases));
    tcase_add_test(tests, writes);
}

SUITE_MAIN("wire/application_error")
