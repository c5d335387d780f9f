/*
 * Addresses: what is accepted, what is refused with which words, printing.
 */
#include "transport/address.h"

#include <netinet/in.h>
#include <string.h>

#include "suite.h"

static const struct {
    const char *text;
    const char *printed;  /* NULL: refused */
    const char *mentions; /* in the message of a refusal */
} cases[] = {
    {"tcp://127.0.0.1:9090", "tcp://127.0.0.1:9090", NULL},
    {"tcp://[::1]:0", "tcp://[::1]:0", NULL},
    {"tcp://[fe80::1%eth0]:65535", "tcp://[fe80::1%eth0]:65535", NULL},
    {"tcp://localhost:9090?protocol=compact", "tcp://localhost:9090", NULL},
    {"unix:/run/x.sock", "unix:/run/x.sock", NULL},
    {"unix:relative.sock", "unix:relative.sock", NULL},
    {"unix:@name", "unix:@name", NULL},
    {"tcp://[fe80::1%lo]:9090", "tcp://[fe80::1%lo]:9090", NULL},
    {"udp://[::1]:6831", "udp://[::1]:6831", NULL},
    {"systemd:", "systemd:", NULL},
    {"systemd:users", "systemd:users", NULL},
    {"fd:3", "fd:3", NULL},
    {"fd:", NULL, "descriptor's number"},
    {"fd:x", NULL, "descriptor's number"},
    {"udp://127.0.0.1", NULL, "port is missing"},
    {NULL, NULL, "no address"},
    {"", NULL, "begins with"},
    {"127.0.0.1:9090", NULL, "begins with"},
    {"tcp://127.0.0.1", NULL, "port is missing"},
    {"tcp://127.0.0.1:", NULL, "port is not"},
    {"tcp://127.0.0.1:65536", NULL, "port is not"},
    {"tcp://127.0.0.1:-1", NULL, "port is not"},
    {"tcp://127.0.0.1:99999999999999999999", NULL, "port is not"},
    {"tcp://127.0.0.1:9a", NULL, "port is not"},
    {"tcp://:9090", NULL, "host is missing"},
    {"tcp://[]:9090", NULL, "host is missing"},
    {"tcp://::1:9090", NULL, "[::1]:9090"},
    {"tcp://[::1]9090", NULL, "[::1]:9090"},
    {"tcp://[::1", NULL, "[::1]:9090"},
    {"unix:", NULL, "path is missing"},
    {"unix:@", NULL, "path is missing"},
    {"unix:/"
     "123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123"
     "45678901234567",
     NULL, "at most 107"},
    {"http://127.0.0.1:80", NULL, "not supported"},
    {"tls://127.0.0.1:80", NULL, "not supported"},
    {"tcp://a:1\n", NULL, "port is not"},
};

START_TEST(parse_and_print)
{
    struct address address;
    char text[ADDRESS_TEXT_SIZE];
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_status status = address_parse(cases[_i].text, &address, &err);

    if (cases[_i].printed != NULL) {
        ck_assert_msg(status == THRIFT_OK, "%s: %s", cases[_i].text, err.message);
        ck_assert_str_eq(address_print(&address, text), cases[_i].printed);
    } else {
        ck_assert_int_eq(status, THRIFT_E_ARGUMENT);
        ck_assert_msg(strstr(err.message, cases[_i].mentions) != NULL, "%s", err.message);
    }
}
END_TEST

START_TEST(long_path_fits_exactly)
{
    char text[5 + 108 + 1] = "unix:";
    struct address address;
    struct sockaddr_storage out;

    memset(text + 5, 'a', 107);
    ck_assert_int_eq(address_parse(text, &address, NULL), THRIFT_OK);
    ck_assert_uint_eq(address_to_unix(&address, &out), 2 + 108);
    text[5 + 107] = 'a';
    ck_assert_int_eq(address_parse(text, &address, NULL), THRIFT_E_ARGUMENT);
}
END_TEST

START_TEST(options_of_a_query)
{
    struct address address;
    struct address_option option;
    const char *at;

    ck_assert_int_eq(
        address_parse("tcp://a:1?protocol=compact&flag&transport=&x=1", &address, NULL), THRIFT_OK);
    at = address.query;
    ck_assert(address_next_option(&at, &option));
    ck_assert_str_eq(option.name, "protocol");
    ck_assert_str_eq(option.value, "compact");
    ck_assert(address_next_option(&at, &option));
    ck_assert_str_eq(option.name, "flag");
    ck_assert_str_eq(option.value, "");
    ck_assert(address_next_option(&at, &option));
    ck_assert_str_eq(option.name, "transport");
    ck_assert_str_eq(option.value, "");
    ck_assert(address_next_option(&at, &option));
    ck_assert_str_eq(option.value, "1");
    ck_assert(!address_next_option(&at, &option));
}
END_TEST

START_TEST(sockets_are_printed)
{
    struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_port = htons(80)};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_port = htons(81)};
    struct address address;
    struct sockaddr_storage local;
    char text[ADDRESS_TEXT_SIZE];

    v4.sin_addr.s_addr = htonl(0x7f000001);
    ck_assert_str_eq(address_print_socket((struct sockaddr *)&v4, sizeof v4, text),
                     "tcp://127.0.0.1:80");
    ck_assert_str_eq(address_print_socket((struct sockaddr *)&v6, sizeof v6, text),
                     "tcp://[::]:81");
    ck_assert_int_eq(address_parse("unix:@abc", &address, NULL), THRIFT_OK);
    ck_assert_str_eq(
        address_print_socket((struct sockaddr *)&local, address_to_unix(&address, &local), text),
        "unix:@abc");
    local.ss_family = AF_UNIX;
    ck_assert_str_eq(address_print_socket((struct sockaddr *)&local, 2, text), "unix:");
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_loop_test(tests, parse_and_print, 0, (int)COUNT_OF(cases));
    tcase_add_test(tests, long_path_fits_exactly);
    tcase_add_test(tests, options_of_a_query);
    tcase_add_test(tests, sockets_are_printed);
}

SUITE_MAIN("transport/address")
