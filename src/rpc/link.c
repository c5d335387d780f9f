/*
 * Sending, and reading in turns.
 */
#include "rpc/link.h"

#include <pthread.h>
#include <string.h>
#include <time.h>

#include "base/alloc.h"
#include "base/buffer.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/reference.h"
#include "base/text.h"
#include "transport/socket.h"

#define READ_SIZE ((size_t)64 * 1024)
#define IDLE_NS ((uint64_t)10 * 1000000) /* after which a peer may well have closed */

enum waiting { WAITING, ANSWERED, LOST };

/* A thread that waits; on its stack. */
struct waiter {
    struct waiter *next;
    int32_t sequence_id;
    const struct link_request *request;
    enum waiting state;
    struct link_reply reply;
    thrift_error err;
    pthread_cond_t changed;
};

struct link {
    struct reference reference;
    thrift_allocator allocator;
    int fd;
    pthread_mutex_t sending;   /* one message at a time; taken before `lock` */
    thrift_buffer out;         /* guarded by `sending` */
    pthread_mutex_t lock;      /* of all that follows */
    uint32_t next_sequence_id; /* counts through all 32 bits: the ids turn negative */
    struct waiter *waiters;
    bool reading; /* a thread reads for all */
    bool broken;
    thrift_error why;
    uint64_t used_ns;         /* when the last reply came */
    struct dialogue dialogue; /* its writing half is of the sending thread, the rest */
    uint8_t *buffer;          /* of the reading thread */
};

static struct link *free_link(struct link *link)
{
    thrift_allocator allocator = link->allocator;

    socket_close(link->fd);
    dialogue_deinit(&link->dialogue);
    thrift_buffer_deinit(&link->out);
    mem_free(&allocator, link->buffer, READ_SIZE);
    (void)pthread_mutex_destroy(&link->lock);
    (void)pthread_mutex_destroy(&link->sending);
    mem_free(&allocator, link, sizeof *link);
    return NULL;
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
    link->buffer = mem_alloc(allocator, READ_SIZE);
    if (link->buffer == NULL) {
        (void)FAIL_NOMEM(err);
        return free_link(link);
    }
    if (dialogue_init(&link->dialogue, destination, limits, allocator, err) != THRIFT_OK ||
        socket_connect(&destination->address, deadline_ns, &link->fd, err) != THRIFT_OK) {
        return free_link(link);
    }
    link->used_ns = clock_now_ns();
    return link;
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
    usable = !link->broken && !(idle && socket_is_stale(link->fd));
    pthread_mutex_unlock(&link->lock);
    return usable;
}

/* ---- while locked ---- */

static void end_waiting(struct link *link, struct waiter *waiter, enum waiting state)
{
    struct waiter **at = &link->waiters;

    while (*at != NULL && *at != waiter) {
        at = &(*at)->next;
    }
    if (*at == waiter) {
        *at = waiter->next;
    }
    waiter->state = state;
    pthread_cond_signal(&waiter->changed);
}

/* Everybody who waits learns why; whoever reads or writes is woken by the socket. */
static void break_link(struct link *link, const thrift_error *why)
{
    if (link->broken) {
        return;
    }
    link->broken = true;
    link->why = *why;
    socket_finish(link->fd);
    while (link->waiters != NULL) {
        struct waiter *waiter = link->waiters;

        waiter->err = *why;
        end_waiting(link, waiter, LOST);
    }
}

/* What the other threads are told when one of them gives up. */
static void give_up(struct link *link, struct waiter *self, const thrift_error *why)
{
    thrift_error others = THRIFT_ERROR_INIT;

    if (self->state == WAITING) {
        self->err = *why;
        end_waiting(link, self, LOST);
    }
    (void)FAIL(&others, THRIFT_E_CLOSED, "the connection was given up: %s", why->message);
    break_link(link, &others);
}

static void pass_reading_on(struct link *link)
{
    link->reading = false;
    if (link->waiters != NULL) {
        pthread_cond_signal(&link->waiters->changed);
    }
}

static struct waiter *find_waiter(const struct link *link, int32_t sequence_id)
{
    struct waiter *at = link->waiters;

    while (at != NULL && at->sequence_id != sequence_id) {
        at = at->next;
    }
    return at;
}

/* ---- reading ---- */

static thrift_status check_reply(const struct message_header *header, const struct waiter *waiter,
                                 thrift_error *err)
{
    char got[TEXT_QUOTED_SIZE], wanted[TEXT_QUOTED_SIZE];

    if (header->kind != THRIFT_MESSAGE_REPLY && header->kind != THRIFT_MESSAGE_EXCEPTION) {
        return FAIL(err, THRIFT_E_PROTOCOL, "the peer sent no reply, but a message of type %u",
                    (unsigned)header->kind);
    }
    if (waiter == NULL) {
        return FAIL(err, THRIFT_E_PROTOCOL, "the reply has sequence id %d, which nobody waits for",
                    (int)header->sequence_id);
    }
    if (header->name.size != waiter->request->name.size ||
        memcmp(header->name.data, waiter->request->name.data, header->name.size) != 0) {
        return FAIL(err, THRIFT_E_PROTOCOL, "the reply is to %s, not to %s",
                    text_quote(header->name.data, header->name.size, got),
                    text_quote(waiter->request->name.data, waiter->request->name.size, wanted));
    }
    return THRIFT_OK;
}

/* A copy for the thread that waits for it. */
static thrift_status hand_over(struct waiter *waiter, const struct inbound_message *message,
                               const struct message_header *header, thrift_bytes body,
                               thrift_error *err)
{
    thrift_buffer *copy = &waiter->reply.message;
    const uint8_t *from = message->bytes.data;

    if (!buffer_append(copy, from, message->bytes.size)) {
        return FAIL_NOMEM(err);
    }
    waiter->reply.header = *header;
    waiter->reply.protocol = message->form.protocol;
    waiter->reply.header.name =
        (thrift_bytes){copy->data + (header->name.data - from), header->name.size};
    waiter->reply.body = (thrift_bytes){copy->data + (body.data - from), body.size};
    return THRIFT_OK;
}

/* One message, by the reading thread. What is its own is read at once, where it stands. */
static thrift_status take_message(struct link *link, struct waiter *self,
                                  const struct inbound_message *message, thrift_error *err)
{
    struct link_reply reply = {.protocol = message->form.protocol, .body = message->bytes};
    struct waiter *waiter;
    thrift_status status = message_read_begin(message->form.protocol, &reply.body,
                                              &link->dialogue.shared.limits, &reply.header, err);

    if (status != THRIFT_OK) {
        return status;
    }
    pthread_mutex_lock(&link->lock);
    waiter = find_waiter(link, reply.header.sequence_id);
    status = check_reply(&reply.header, waiter, err);
    if (status == THRIFT_OK && waiter != self) {
        status = hand_over(waiter, message, &reply.header, reply.body, err);
    }
    link->used_ns = clock_now_ns();
    if (status == THRIFT_OK) {
        end_waiting(link, waiter, ANSWERED);
    }
    pthread_mutex_unlock(&link->lock);
    if (status == THRIFT_OK && waiter == self) {
        status = self->request->read(&reply, self->request->data, err);
        if (status != THRIFT_OK) {
            self->state = LOST; /* nobody else looks at one that was answered */
            self->err = *err;
        }
    }
    return status;
}

/* What one receive brings. */
static thrift_status read_some(struct link *link, struct waiter *self, thrift_error *err)
{
    struct inbound_message message;
    enum dialogue_event next;
    size_t size;
    thrift_status status =
        socket_receive(link->fd, link->buffer, READ_SIZE, self->request->deadline_ns, &size, err);

    if (status == THRIFT_OK) {
        status = dialogue_feed(&link->dialogue, (thrift_bytes){link->buffer, size}, err);
    }
    if (status != THRIFT_OK) {
        return status;
    }
    while ((next = dialogue_next(&link->dialogue, &message, err)) == DIALOGUE_REPLY) {
        status = take_message(link, self, &message, err);
        if (status != THRIFT_OK) {
            return status;
        }
    }
    return next == DIALOGUE_MORE ? dialogue_keep(&link->dialogue, err) : err->code;
}

/* Reads until the own reply is there. While locked. */
static void read_in_turn(struct link *link, struct waiter *self)
{
    thrift_error err = THRIFT_ERROR_INIT;

    link->reading = true;
    while (self->state == WAITING && err.code == THRIFT_OK) {
        pthread_mutex_unlock(&link->lock);
        (void)read_some(link, self, &err);
        pthread_mutex_lock(&link->lock);
    }
    if (err.code != THRIFT_OK) {
        give_up(link, self, &err);
    }
    pass_reading_on(link);
}

static void wait_for_turn(struct link *link, struct waiter *self)
{
    uint64_t deadline = self->request->deadline_ns;
    const struct timespec until = {(time_t)(deadline / 1000000000), (long)(deadline % 1000000000)};
    thrift_error err = THRIFT_ERROR_INIT;

    (void)pthread_cond_timedwait(&self->changed, &link->lock, &until);
    if (self->state == WAITING && clock_now_ns() >= deadline) {
        (void)FAIL(&err, THRIFT_E_DEADLINE, "no reply in time");
        give_up(link, self, &err);
    }
}

/* ---- sending ---- */

static thrift_status begin_waiting(struct link *link, struct waiter *self, thrift_error *err)
{
    thrift_status status = THRIFT_OK;

    pthread_mutex_lock(&link->lock);
    if (link->broken) {
        *err = link->why;
        status = link->why.code;
    } else {
        self->sequence_id = (int32_t)link->next_sequence_id++;
        if (!self->request->oneway) {
            self->next = link->waiters;
            link->waiters = self;
        }
    }
    pthread_mutex_unlock(&link->lock);
    return status;
}

static thrift_status send_request(struct link *link, struct waiter *self, bool *out_sent,
                                  thrift_error *err)
{
    const struct link_request *request = self->request;
    size_t sent = 0;
    thrift_status status;

    pthread_mutex_lock(&link->sending);
    status = begin_waiting(link, self, err);
    if (status == THRIFT_OK) {
        link->out.size = 0;
        status = request->write(&link->dialogue, self->sequence_id, &link->out, request->data, err);
        if (status != THRIFT_OK) {
            pthread_mutex_lock(&link->lock);
            end_waiting(link, self, LOST); /* the link is as good as before */
            pthread_mutex_unlock(&link->lock);
        } else {
            status =
                socket_send(link->fd, buffer_bytes(&link->out), request->deadline_ns, &sent, err);
            if (status != THRIFT_OK) {
                pthread_mutex_lock(&link->lock);
                give_up(link, self, err);
                pthread_mutex_unlock(&link->lock);
            }
        }
    }
    pthread_mutex_unlock(&link->sending);
    *out_sent = sent > 0;
    return status;
}

static void init_waiter(struct waiter *waiter, const struct link *link,
                        const struct link_request *request)
{
    pthread_condattr_t monotonic;

    *waiter = (struct waiter){.request = request, .state = WAITING};
    waiter->reply.message.allocator = link->allocator;
    (void)pthread_condattr_init(&monotonic);
    (void)pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    (void)pthread_cond_init(&waiter->changed, &monotonic);
    (void)pthread_condattr_destroy(&monotonic);
}

static thrift_status receive_reply(struct link *link, struct waiter *self, thrift_error *err)
{
    thrift_status status = THRIFT_OK;

    pthread_mutex_lock(&link->lock);
    while (self->state == WAITING) {
        if (link->reading) {
            wait_for_turn(link, self);
        } else {
            read_in_turn(link, self);
        }
    }
    pthread_mutex_unlock(&link->lock);
    if (self->state == LOST) {
        *err = self->err;
        return self->err.code;
    }
    if (self->reply.message.size > 0) {
        status = self->request->read(&self->reply, self->request->data, err);
    }
    if (status != THRIFT_OK) {
        pthread_mutex_lock(&link->lock);
        give_up(link, self, err);
        pthread_mutex_unlock(&link->lock);
    }
    return status;
}

thrift_status link_exchange(struct link *link, const struct link_request *request, bool *out_sent,
                            thrift_error *err)
{
    struct waiter self;
    thrift_error own = THRIFT_ERROR_INIT;
    thrift_status status;

    init_waiter(&self, link, request);
    status = send_request(link, &self, out_sent, &own);
    if (status == THRIFT_OK && !request->oneway) {
        status = receive_reply(link, &self, &own);
    }
    (void)pthread_cond_destroy(&self.changed);
    thrift_buffer_deinit(&self.reply.message);
    if (status != THRIFT_OK && err != NULL) {
        *err = own;
    }
    return status;
}
