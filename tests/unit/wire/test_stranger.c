/*
 * Strangers are named; messages are nobody's.
 */
#include "wire/stranger.h"

#include <string.h>

#include "suite.h"

static const struct {
    thrift_bytes first;
    const char *name; /* NULL: none */
} cases[] = {
    {BYTES(0x16, 3, 1, 2, 0, 1), "a TLS handshake"},
    {BYTES('P', 'R', 'I', ' ', '*', ' ', 'H', 'T', 'T', 'P', '/', '2', '.', '0'),
     "HTTP/2, or gRPC over it"},
    {BYTES('H', 'T', 'T', 'P', '/', '1', '.', '1', ' ', '4', '0', '0'), "an HTTP response"},
    {BYTES('*', '1', '\r', '\n'), "a Redis command"},
    {BYTES('-', 'E', 'R', 'R', ' ', 'x'), "a Redis error"},
    {BYTES('S', 'S', 'H', '-', '2'), "SSH"},
    {BYTES(0, 0, 0, 8, 4, 0xd2, 0x16, 0x2f), "a PostgreSQL client"},
    {BYTES(0, 0, 0, 100, 0x10, 0, 0, 0), "Kitex's TTHeader, which is not THeader"},
    {BYTES(0, 0, 0, 9, '{', '"', 'm', 'e', 't', 'a', 'd', 'a', 't', 'a', '"'),
     "ThriftPy's own JSON, which is not Apache's"},
    {BYTES('S', 'S', 'H'), NULL},
    {BYTES(0), NULL},
    {BYTES(0x80, 1, 0, 1, 0, 0, 0, 4), NULL},
    {BYTES(0, 0, 0, 20, 0x80, 1, 0, 1), NULL},
    {BYTES(0, 0, 0, 20, 0x82, 0x21, 1, 4), NULL},
    {BYTES(0, 0, 0, 20, 0x0f, 0xff, 0, 0), NULL},
    {BYTES(0x82, 0x21, 1, 4, 'e', 'c', 'h', 'o'), NULL},
    {BYTES('[', '1', ',', '"'), NULL},
};

START_TEST(names)
{
    const char *name = stranger_name(cases[_i].first);

    ck_assert((name == NULL) == (cases[_i].name == NULL));
    ck_assert(name == NULL || strcmp(name, cases[_i].name) == 0);
}
END_TEST

static void add_tests(TCase *tests) { tcase_add_loop_test(tests, names, 0, COUNT_OF(cases)); }

SUITE_MAIN("wire/stranger")
