/*
 * A link's life: connecting, being usable, the end.
 */
#include "rpc/link.h"

#include "base/alloc.h"
#include "base/buffer.h"
#include "base/clock.h"
#include "base/error.h"
#include "rpc/link_parts.h"
#include "transport/socket.h"

#define IDLE_NS ((uint64_t)10 * 1000000) /* after which a peer may well have closed */

static struct link *free_link(struct link *link)
{
    thrift_allocator allocator = link->allocator;

    socket_close(link->fd);
    dialogue_deinit(&link->dialogue);
    thrift_buffer_deinit(&link->out);
    mem_free(&allocator, link->buffer, LINK_READ_SIZE);
    (void)pthread_mutex_destroy(&link->lock);
    (void)pthread_mutex_destroy(&link->sending);
    (void)pthread_mutex_destroy(&link->turn);
    mem_free(&allocator, link, sizeof *link);
    return NULL;
}

/* A WebSocket is opened before it is used. */
static thrift_status greet(struct link *link, uint64_t deadline_ns, thrift_error *err)
{
    struct dialogue *dialogue = &link->dialogue;
    struct inbound_message message;
    thrift_error own = THRIFT_ERROR_INIT;
    size_t size;
    thrift_status status = dialogue_greet(dialogue, &link->out, &own);

    if (status == THRIFT_OK && link->out.size > 0) {
        status = socket_send(link->fd, buffer_bytes(&link->out), deadline_ns, &size, &own);
        link->out.size = 0;
    }
    while (status == THRIFT_OK && !dialogue->open) {
        status = socket_receive(link->fd, link->buffer, LINK_READ_SIZE, deadline_ns, &size, &own);
        if (status == THRIFT_OK) {
            status = dialogue_feed(dialogue, (thrift_bytes){link->buffer, size}, &own);
        }
        if (status == THRIFT_OK && dialogue_next(dialogue, &message, &own) != DIALOGUE_MORE) {
            status = own.code != THRIFT_OK
                         ? own.code
                         : FAIL(&own, THRIFT_E_PROTOCOL, "the peer answers before it is asked");
        }
        if (status == THRIFT_OK) {
            status = dialogue_keep(dialogue, &own);
        }
    }
    if (status != THRIFT_OK && err != NULL) {
        *err = own;
    }
    return status;
}

struct link *link_open(const struct destination *destination, int32_t first_id,
                       const thrift_limits *limits, const thrift_allocator *allocator,
                       uint64_t deadline_ns, thrift_error *err)
{
    struct link *link = mem_alloc_zero(allocator, 1, sizeof *link);

    if (link == NULL) {
        (void)FAIL_NOMEM(err);
        return NULL;
    }
    reference_init(&link->reference);
    link->allocator = *allocator;
    link->out.allocator = *allocator;
    link->fd = -1;
    link->next_sequence_id = (uint32_t)first_id;
    (void)pthread_mutex_init(&link->lock, NULL);
    (void)pthread_mutex_init(&link->sending, NULL);
    (void)pthread_mutex_init(&link->turn, NULL);
    link->ordered = dialogue_is_ordered(destination);
    link->buffer = mem_alloc(allocator, LINK_READ_SIZE);
    if (link->buffer == NULL) {
        (void)FAIL_NOMEM(err);
        return free_link(link);
    }
    if (dialogue_init(&link->dialogue, destination, limits, allocator, err) != THRIFT_OK ||
        socket_connect(&destination->address, deadline_ns, &link->fd, err) != THRIFT_OK) {
        return free_link(link);
    }
    link->used_ns = clock_now_ns();
    return greet(link, deadline_ns, err) == THRIFT_OK ? link : free_link(link);
}

void link_ref(struct link *link) { reference_take(&link->reference); }

void link_unref(struct link *link)
{
    if (link != NULL && reference_drop(&link->reference)) {
        (void)free_link(link);
    }
}

bool link_is_usable(struct link *link)
{
    bool usable, idle;

    pthread_mutex_lock(&link->lock);
    idle = link->waiters == NULL && clock_now_ns() - link->used_ns > IDLE_NS;
    usable = !link->broken && !(idle && link_is_stale(link));
    pthread_mutex_unlock(&link->lock);
    return usable;
}
