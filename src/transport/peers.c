/*
 * A table of addresses. An entry lives as long as the address holds a connection, so there are
 * never more than connections.
 */
#include "transport/peers.h"

#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include "base/alloc.h"
#include "base/map.h"

struct peer_count {
    struct in6_addr address; /* an IPv4 address in its mapped form */
    uint32_t connections;
};

static bool address_of(int fd, struct in6_addr *out)
{
    union {
        struct sockaddr any;
        struct sockaddr_in v4;
        struct sockaddr_in6 v6;
        struct sockaddr_storage space;
    } from;
    socklen_t size = sizeof from;

    if (getpeername(fd, &from.any, &size) != 0) {
        return false;
    }
    if (from.any.sa_family == AF_INET6) {
        *out = from.v6.sin6_addr;
        return true;
    }
    *out = (struct in6_addr){.s6_addr = {[10] = 0xff, [11] = 0xff}};
    memcpy(out->s6_addr + 12, &from.v4.sin_addr, 4);
    return from.any.sa_family == AF_INET;
}

void peers_init(struct peers *peers)
{
    (void)pthread_mutex_init(&peers->lock, NULL);
    peers->allocator = (thrift_allocator){NULL, NULL};
    peers->counts = NULL;
}

void peers_deinit(struct peers *peers)
{
    map_free(peers->counts);
    (void)pthread_mutex_destroy(&peers->lock);
}

/* NULL: no memory. */
static struct peer_count *add(struct peers *peers, const struct in6_addr *address)
{
    struct peer_count *count;

    if (peers->counts == NULL) {
        peers->counts = map_new(&peers->allocator);
    }
    count = peers->counts != NULL ? mem_alloc_zero(&peers->allocator, 1, sizeof *count) : NULL;
    if (count == NULL) {
        return NULL;
    }
    count->address = *address;
    if (!map_put(peers->counts, &count->address, sizeof count->address, count)) {
        mem_free(&peers->allocator, count, sizeof *count);
        return NULL;
    }
    return count;
}

static const char *enter(struct peers *peers, const struct in6_addr *address, uint32_t most,
                         struct peer_count **out)
{
    struct peer_count *count =
        peers->counts != NULL ? map_get(peers->counts, address, sizeof *address) : NULL;

    if (count == NULL) {
        count = add(peers, address);
    }
    if (count == NULL) {
        return "out of memory";
    }
    if (count->connections >= most) {
        return "as many connections as max_connections_per_peer allows are open from its address";
    }
    count->connections++;
    *out = count;
    return NULL;
}

const char *peers_enter(struct peers *peers, int fd, uint32_t most, struct peer_count **out)
{
    struct in6_addr address;
    const char *why;

    *out = NULL;
    if (!address_of(fd, &address)) {
        return NULL;
    }
    pthread_mutex_lock(&peers->lock);
    why = enter(peers, &address, most, out);
    pthread_mutex_unlock(&peers->lock);
    return why;
}

void peers_leave(struct peers *peers, struct peer_count *count)
{
    if (count == NULL) {
        return;
    }
    pthread_mutex_lock(&peers->lock);
    if (--count->connections == 0) {
        (void)map_remove(peers->counts, &count->address, sizeof count->address);
        mem_free(&peers->allocator, count, sizeof *count);
    }
    pthread_mutex_unlock(&peers->lock);
}
