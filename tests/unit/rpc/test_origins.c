/*
 * Which sites may be listed, and whom a list lets in.
 */
#include "rpc/origins.h"

#include <string.h>

#include "allocator.h"
#include "suite.h"

static const struct {
    const char *text;
    thrift_status status;
} items[] = {
    {"*", THRIFT_OK},
    {"null", THRIFT_OK},
    {"https://app.example", THRIFT_OK},
    {"http://localhost:3000", THRIFT_OK},
    {"http://[::1]:3000", THRIFT_OK},
    {"", THRIFT_E_ARGUMENT},
    {"app.example", THRIFT_E_ARGUMENT},
    {"https://", THRIFT_E_ARGUMENT},
    {"https://app.example/", THRIFT_E_ARGUMENT},
    {"https://app.example/path", THRIFT_E_ARGUMENT},
    {"https://*.example", THRIFT_E_ARGUMENT},
    {"https://user@app.example", THRIFT_E_ARGUMENT},
    {"https://app.example ", THRIFT_E_ARGUMENT},
    {"https://app.example\r\nA: b", THRIFT_E_ARGUMENT},
    {"ws://app.example", THRIFT_E_ARGUMENT},
};

START_TEST(items_are_checked)
{
    const char *const list[] = {"http://first", items[_i].text, NULL};
    struct origins origins;
    thrift_error err = THRIFT_ERROR_INIT;

    ck_assert_msg(origins_init(&origins, list, NULL, &err) == items[_i].status, "%s: %s",
                  items[_i].text, err.message);
    ck_assert(err.code == THRIFT_OK || strstr(err.message, "origins: ") != NULL);
    origins_deinit(&origins);
}
END_TEST

static const char *const two[] = {"https://app.example", "http://localhost:3000", NULL};
static const char *const all[] = {"*", NULL};
static const char *const nobody[] = {NULL};

static const struct {
    const char *const *list;
    const char *origin, *host; /* NULL: not there */
    enum origin_verdict verdict;
} requests[] = {
    {NULL, NULL, "here:80", ORIGIN_NONE},
    {NULL, "http://here:80", "here:80", ORIGIN_OWN},
    {NULL, "https://here", "here", ORIGIN_OWN},
    {NULL, "http://here:80", NULL, ORIGIN_REFUSED},
    {NULL, "http://here", "here:80", ORIGIN_REFUSED},
    {NULL, "ftp:///here", "here", ORIGIN_REFUSED},
    {NULL, "null", "here", ORIGIN_REFUSED},
    {NULL, "", "here", ORIGIN_REFUSED},
    {two, NULL, "here", ORIGIN_NONE},
    {two, "https://app.example", "here", ORIGIN_LISTED},
    {two, "HTTPS://App.Example", "here", ORIGIN_LISTED},
    {two, "http://localhost:3000", "here", ORIGIN_LISTED},
    {two, "http://localhost:30000", "here", ORIGIN_REFUSED},
    {two, "http://localhost", "here", ORIGIN_REFUSED},
    {two, "http://here", "here", ORIGIN_REFUSED}, /* its own host is to be listed, too */
    {two, "https://app.example.evil", "here", ORIGIN_REFUSED},
    {two, "", "here", ORIGIN_REFUSED},
    {all, "http://anything", "here", ORIGIN_LISTED},
    {all, "null", "here", ORIGIN_LISTED},
    {all,
     "a\x01"
     "b",
     "here", ORIGIN_REFUSED},
    {nobody, "http://here", "here", ORIGIN_REFUSED},
    {nobody, NULL, "here", ORIGIN_NONE},
};

static void add(thrift_buffer *headers, const char *name, const char *value)
{
    if (value != NULL) {
        ck_assert(headers_append(headers, (thrift_bytes){(const uint8_t *)name, strlen(name)},
                                 (thrift_bytes){(const uint8_t *)value, strlen(value)}));
    }
}

START_TEST(requests_are_judged)
{
    struct origins origins;
    thrift_buffer headers = THRIFT_BUFFER_INIT;

    ck_assert_int_eq(origins_init(&origins, requests[_i].list, NULL, NULL), THRIFT_OK);
    add(&headers, "Host", requests[_i].host);
    add(&headers, "Origin", requests[_i].origin);
    ck_assert_int_eq(origins_judge(&origins, (thrift_bytes){headers.data, headers.size}),
                     requests[_i].verdict);
    if (requests[_i].list == NULL) {
        ck_assert_int_eq(origins_judge(NULL, (thrift_bytes){headers.data, headers.size}),
                         requests[_i].verdict);
    }
    thrift_buffer_deinit(&headers);
    origins_deinit(&origins);
}
END_TEST

START_TEST(no_memory)
{
    for (size_t k = 1;; k++) {
        struct failing_allocator memory = {.fail_at = k};
        const thrift_allocator allocator = failing_allocator_of(&memory);
        struct origins origins;
        thrift_status status = origins_init(&origins, two, &allocator, NULL);

        origins_deinit(&origins);
        ck_assert_uint_eq(memory.live, 0);
        if (memory.count < k) {
            ck_assert_int_eq(status, THRIFT_OK);
            break;
        }
        ck_assert_int_eq(status, THRIFT_E_NOMEM);
    }
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_loop_test(tests, items_are_checked, 0, (int)COUNT_OF(items));
    tcase_add_loop_test(tests, requests_are_judged, 0, (int)COUNT_OF(requests));
    tcase_add_test(tests, no_memory);
}

SUITE_MAIN("rpc/origins")
