/*
 * Peers: connections counted by the address they come from.
 */
#include "transport/peers.h"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/map.h"
#include "suite.h"

/* A socket whose peer has the address: datagram sockets connect without anybody there. */
static int socket_to(const char *address)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(9)};
    int fd = socket(AF_INET, SOCK_DGRAM, 0);

    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(inet_pton(AF_INET, address, &to.sin_addr), 1);
    ck_assert_int_eq(connect(fd, (struct sockaddr *)&to, sizeof to), 0);
    return fd;
}

START_TEST(each_address_has_its_own_count)
{
    int one = socket_to("127.0.0.1"), other = socket_to("127.0.0.2");
    struct peer_count *first, *second, *third, *refused;
    struct peers peers;

    peers_init(&peers);
    ck_assert_ptr_null(peers_enter(&peers, one, 2, &first));
    ck_assert_ptr_null(peers_enter(&peers, one, 2, &second));
    ck_assert_ptr_nonnull(peers_enter(&peers, one, 2, &refused));
    ck_assert_ptr_null(refused);
    ck_assert_ptr_null(peers_enter(&peers, other, 2, &third));
    ck_assert_uint_eq(map_count(peers.counts), 2);
    peers_leave(&peers, first);
    ck_assert_ptr_null(peers_enter(&peers, one, 2, &first));
    peers_leave(&peers, first);
    peers_leave(&peers, second);
    peers_leave(&peers, third);
    ck_assert_uint_eq(map_count(peers.counts), 0);
    peers_deinit(&peers);
    (void)close(one);
    (void)close(other);
}
END_TEST

START_TEST(peers_of_unix_sockets_are_not_counted)
{
    struct peer_count *count;
    struct peers peers;
    int pair[2];

    ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
    peers_init(&peers);
    ck_assert_ptr_null(peers_enter(&peers, pair[0], 0, &count));
    ck_assert_ptr_null(count);
    peers_leave(&peers, count);
    peers_deinit(&peers);
    (void)close(pair[0]);
    (void)close(pair[1]);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_test(tests, each_address_has_its_own_count);
    tcase_add_test(tests, peers_of_unix_sockets_are_not_counted);
}

SUITE_MAIN("transport/peers")
