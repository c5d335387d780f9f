/*
 * Inherited sockets: what the environment says, and what descriptors must be.
 */
#include "transport/inherited.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "suite.h"
#include "transport/listener.h"

static const struct {
    const char *fds, *names, *wanted;
    bool own; /* LISTEN_PID is this process */
    int count, first;
} cases[] = {
    {"2", NULL, "", true, 2, 3},       {"2", "a:b", "b", true, 1, 4},
    {"3", "a:b:a", "a", true, 2, 3},   {"2", "a:b", "c", true, 0, 0},
    {"2", "ab:b", "a", true, 0, 0},    {"2", NULL, "", false, 0, 0},
    {NULL, NULL, "", true, 0, 0},      {"", NULL, "", true, 0, 0},
    {"x", NULL, "", true, 0, 0},       {"-1", NULL, "", true, 0, 0},
    {"99999", NULL, "", true, 256, 3}, {"99999999999999999999", NULL, "", true, 0, 0},
};

static void set(const char *name, const char *value)
{
    if (value != NULL) {
        ck_assert_int_eq(setenv(name, value, 1), 0);
    } else {
        ck_assert_int_eq(unsetenv(name), 0);
    }
}

START_TEST(environment)
{
    char pid[24];
    int fds[INHERITED_MOST] = {0};

    (void)snprintf(pid, sizeof pid, "%ld", (long)getpid() + !cases[_i].own);
    set("LISTEN_PID", pid);
    set("LISTEN_FDS", cases[_i].fds);
    set("LISTEN_FDNAMES", cases[_i].names);
    ck_assert_int_eq(inherited_sockets(cases[_i].wanted, fds), cases[_i].count);
    ck_assert_int_eq(fds[0], cases[_i].first);
}
END_TEST

START_TEST(descriptors)
{
    thrift_error err = THRIFT_ERROR_INIT;
    int pipes[2], stream = socket(AF_UNIX, SOCK_STREAM, 0),
                  datagram = socket(AF_UNIX, SOCK_DGRAM, 0);
    const struct sockaddr nameless = {.sa_family = AF_UNIX};
    bool datagrams = false;

    ck_assert_int_eq(pipe(pipes), 0);
    ck_assert_int_eq(inherited_prepare(pipes[0], &datagrams, &err), THRIFT_E_ARGUMENT);
    ck_assert_int_eq(inherited_prepare(-1, &datagrams, &err), THRIFT_E_ARGUMENT);
    ck_assert_int_eq(inherited_prepare(stream, &datagrams, &err), THRIFT_E_ARGUMENT);
    ck_assert_int_eq(bind(stream, &nameless, sizeof nameless.sa_family), 0);
    ck_assert_int_eq(listen(stream, 1), 0);
    ck_assert_int_eq(inherited_prepare(stream, &datagrams, &err), THRIFT_OK);
    ck_assert(!datagrams);
    ck_assert_int_ne(fcntl(stream, F_GETFL) & O_NONBLOCK, 0);
    ck_assert_int_ne(fcntl(stream, F_GETFD) & FD_CLOEXEC, 0);
    ck_assert_int_eq(inherited_prepare(datagram, &datagrams, &err), THRIFT_OK);
    ck_assert(datagrams);
    (void)close(stream);
    (void)close(datagram);
    (void)close(pipes[0]);
    (void)close(pipes[1]);
}
END_TEST

START_TEST(none_is_an_error)
{
    struct address address;
    struct listener *first = NULL;
    thrift_error err = THRIFT_ERROR_INIT;

    set("LISTEN_FDS", NULL);
    ck_assert_int_eq(address_parse("systemd:users", &address, NULL), THRIFT_OK);
    ck_assert_int_eq(listener_open(&address, NULL, &first, &err), THRIFT_E_IO);
    ck_assert(strstr(err.message, "no sockets were inherited of the name users") != NULL);
    ck_assert_int_eq(address_parse("fd:0", &address, NULL), THRIFT_OK);
    ck_assert_int_eq(listener_open(&address, NULL, &first, &err), THRIFT_E_ARGUMENT);
    ck_assert_ptr_null(first);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_loop_test(tests, environment, 0, COUNT_OF(cases));
    tcase_add_test(tests, descriptors);
    tcase_add_test(tests, none_is_an_error);
}

SUITE_MAIN("transport/inherited")
