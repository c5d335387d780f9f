/*
 * Sending, and reading in turns.
 */
#include <string.h>
#include <time.h>

#include "base/alloc.h"
#include "base/buffer.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/text.h"
#include "rpc/link_parts.h"
#include "transport/socket.h"

#define POSTED_MOST ((size_t)64 * 1024) /* that are not sent yet */

/* ---- while locked ---- */

static void end_waiting(struct link *link, struct link_waiter *waiter, enum link_waiting state)
{
    if (waiter->previous != NULL) {
        waiter->previous->next = waiter->next;
    } else if (link->waiters == waiter) {
        link->waiters = waiter->next;
    }
    if (waiter->next != NULL) {
        waiter->next->previous = waiter->previous;
    } else if (link->last_waiter == waiter) {
        link->last_waiter = waiter->previous;
    }
    waiter->next = waiter->previous = NULL;
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
        struct link_waiter *waiter = link->waiters;

        waiter->err = *why;
        end_waiting(link, waiter, LINK_LOST);
    }
}

/* What the other threads are told when one of them gives up. */
static void give_up(struct link *link, struct link_waiter *self, const thrift_error *why)
{
    thrift_error others = THRIFT_ERROR_INIT;

    if (self->state == LINK_WAITING) {
        self->err = *why;
        end_waiting(link, self, LINK_LOST);
    }
    (void)FAIL(&others, THRIFT_E_CLOSED, "the connection was given up: %s", why->message);
    break_link(link, &others);
}

static void pass_reading_on(struct link *link)
{
    link->reading = false;
    for (struct link_waiter *at = link->waiters; at != NULL; at = at->next) {
        if (!at->posted) {
            pthread_cond_signal(&at->changed);
            return;
        }
    }
}

static struct link_waiter *find_waiter(const struct link *link, int32_t sequence_id)
{
    struct link_waiter *at = link->waiters;

    while (at != NULL && at->sequence_id != sequence_id) {
        at = at->next;
    }
    return at;
}

/* ---- reading ---- */

thrift_status link_check_reply(const struct message_header *header, const char *method,
                               thrift_error *err)
{
    char got[TEXT_QUOTED_SIZE], wanted[TEXT_QUOTED_SIZE];
    size_t size = strlen(method);

    if (header->kind != THRIFT_MESSAGE_REPLY && header->kind != THRIFT_MESSAGE_EXCEPTION) {
        return FAIL(err, THRIFT_E_PROTOCOL, "the peer sent no reply, but a message of type %u",
                    (unsigned)header->kind);
    }
    if (header->name.size != size || memcmp(header->name.data, method, size) != 0) {
        return FAIL(err, THRIFT_E_PROTOCOL, "the reply is to %s, not to %s",
                    text_quote(header->name.data, header->name.size, got),
                    text_quote(method, size, wanted));
    }
    return THRIFT_OK;
}

/* A copy for the thread that waits for it. */
static thrift_status hand_over(struct link_waiter *waiter, const struct inbound_message *message,
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
static thrift_status take_message(struct link *link, struct link_waiter *self,
                                  const struct inbound_message *message, thrift_error *err)
{
    struct link_reply reply = {.protocol = message->form.protocol, .body = message->bytes};
    struct link_waiter *waiter;
    thrift_status status = message_read_begin(message->form.protocol, &reply.body,
                                              &link->dialogue.shared.limits, &reply.header, err);

    if (status != THRIFT_OK) {
        return status;
    }
    pthread_mutex_lock(&link->lock);
    waiter = find_waiter(link, reply.header.sequence_id);
    if (waiter == NULL) {
        status =
            FAIL(err, THRIFT_E_PROTOCOL, "the reply has sequence id %d, which nobody waits for",
                 (int)reply.header.sequence_id);
    } else {
        status = link_check_reply(&reply.header, waiter->request->method, err);
    }
    if (status == THRIFT_OK && waiter != self) {
        status = waiter->posted ? waiter->request->read(&reply, waiter->request->data, err)
                                : hand_over(waiter, message, &reply.header, reply.body, err);
    }
    link->used_ns = clock_now_ns();
    if (status == THRIFT_OK) {
        end_waiting(link, waiter, LINK_ANSWERED);
    }
    pthread_mutex_unlock(&link->lock);
    if (status == THRIFT_OK && waiter == self) {
        status = self->request->read(&reply, self->request->data, err);
        if (status != THRIFT_OK) {
            self->state = LINK_LOST; /* nobody else looks at one that was answered */
            self->err = *err;
        }
    }
    return status;
}

/* An answer without a message: to a oneway request, which is the only one on its way. */
static thrift_status take_done(struct link *link, thrift_error *err)
{
    thrift_status status = THRIFT_OK;

    pthread_mutex_lock(&link->lock);
    if (link->waiters == NULL || !link->waiters->request->oneway) {
        status = FAIL(err, THRIFT_E_PROTOCOL, "the peer answered with nothing");
    } else {
        end_waiting(link, link->waiters, LINK_ANSWERED);
    }
    pthread_mutex_unlock(&link->lock);
    return status;
}

static thrift_status take_event(struct link *link, struct link_waiter *self,
                                enum dialogue_event event, const struct inbound_message *message,
                                thrift_error *err)
{
    return event == DIALOGUE_DONE ? take_done(link, err) : take_message(link, self, message, err);
}

/* The peer has closed: an HTTP answer may end like this. */
static thrift_status take_end(struct link *link, struct link_waiter *self, thrift_error *err)
{
    struct inbound_message message;
    enum dialogue_event event = dialogue_finish(&link->dialogue, &message, err);

    return event == DIALOGUE_REPLY || event == DIALOGUE_DONE
               ? take_event(link, self, event, &message, err)
               : THRIFT_E_CLOSED;
}

/* What one receive brings. */
static thrift_status read_some(struct link *link, struct link_waiter *self, thrift_error *err)
{
    struct inbound_message message;
    enum dialogue_event next;
    thrift_error lost = THRIFT_ERROR_INIT;
    size_t size;
    thrift_status status = socket_receive(link->fd, link->buffer, LINK_READ_SIZE,
                                          self->request->deadline_ns, &size, &lost);

    if (status == THRIFT_E_CLOSED && take_end(link, self, err) == THRIFT_OK) {
        return THRIFT_OK;
    }
    if (status != THRIFT_OK) {
        *err = lost;
        return status;
    }
    status = dialogue_feed(&link->dialogue, (thrift_bytes){link->buffer, size}, err);
    if (status != THRIFT_OK) {
        return status;
    }
    while ((next = dialogue_next(&link->dialogue, &message, err)) == DIALOGUE_REPLY ||
           next == DIALOGUE_DONE) {
        status = take_event(link, self, next, &message, err);
        if (status != THRIFT_OK) {
            return status;
        }
    }
    link_answer_pings(link);
    return next == DIALOGUE_MORE ? dialogue_keep(&link->dialogue, err) : err->code;
}

/* Reads until the own reply is there. While locked. */
static void read_in_turn(struct link *link, struct link_waiter *self)
{
    thrift_error err = THRIFT_ERROR_INIT;

    link->reading = true;
    while (self->state == LINK_WAITING && err.code == THRIFT_OK) {
        pthread_mutex_unlock(&link->lock);
        (void)read_some(link, self, &err);
        pthread_mutex_lock(&link->lock);
    }
    if (err.code != THRIFT_OK) {
        give_up(link, self, &err);
    } else if (link->dialogue.closes) {
        (void)FAIL(&err, THRIFT_E_CLOSED, "the peer closes behind each answer");
        break_link(link, &err);
    }
    pass_reading_on(link);
}

static void wait_for_turn(struct link *link, struct link_waiter *self)
{
    uint64_t deadline = self->request->deadline_ns;
    const struct timespec until = {(time_t)(deadline / 1000000000), (long)(deadline % 1000000000)};
    thrift_error err = THRIFT_ERROR_INIT;

    (void)pthread_cond_timedwait(&self->changed, &link->lock, &until);
    if (self->state == LINK_WAITING && clock_now_ns() >= deadline) {
        (void)FAIL(&err, THRIFT_E_DEADLINE, "no reply in time");
        give_up(link, self, &err);
    }
}

/* ---- sending ---- */

static thrift_status begin_waiting(struct link *link, struct link_waiter *self, thrift_error *err)
{
    thrift_status status = THRIFT_OK;

    pthread_mutex_lock(&link->lock);
    if (link->broken) {
        *err = link->why;
        status = link->why.code;
    } else {
        self->sequence_id = (int32_t)link->next_sequence_id++;
        if (!self->request->oneway || link->ordered) {
            self->previous = link->last_waiter;
            *(self->previous != NULL ? &self->previous->next : &link->waiters) = self;
            link->last_waiter = self;
        }
    }
    pthread_mutex_unlock(&link->lock);
    return status;
}

/* While `sending`. On failure the link is as good as before, or was broken already. */
static thrift_status append_request(struct link *link, struct link_waiter *self, thrift_error *err)
{
    const struct link_request *request = self->request;
    thrift_status status = begin_waiting(link, self, err);

    if (status != THRIFT_OK) {
        return status;
    }
    status = request->write(&link->dialogue, self->sequence_id, &link->out, request->data, err);
    if (status != THRIFT_OK) {
        pthread_mutex_lock(&link->lock);
        end_waiting(link, self, LINK_LOST);
        pthread_mutex_unlock(&link->lock);
    }
    return status;
}

/* While `sending`. Everything that was appended, whoever did. */
static thrift_status send_appended(struct link *link, struct link_waiter *self, size_t *out_sent,
                                   thrift_error *err)
{
    thrift_status status =
        socket_send(link->fd, buffer_bytes(&link->out), self->request->deadline_ns, out_sent, err);

    link->out.size = 0;
    if (status != THRIFT_OK) {
        pthread_mutex_lock(&link->lock);
        give_up(link, self, err);
        pthread_mutex_unlock(&link->lock);
    }
    return status;
}

static thrift_status send_request(struct link *link, struct link_waiter *self, bool *out_sent,
                                  thrift_error *err)
{
    size_t sent = 0;
    thrift_status status;

    pthread_mutex_lock(&link->sending);
    status = append_request(link, self, err);
    if (status == THRIFT_OK) {
        status = send_appended(link, self, &sent, err);
    }
    pthread_mutex_unlock(&link->sending);
    *out_sent = sent > 0;
    return status;
}

static void init_waiter(struct link_waiter *waiter, const struct link *link,
                        const struct link_request *request)
{
    pthread_condattr_t monotonic;

    *waiter = (struct link_waiter){.request = request, .state = LINK_WAITING};
    waiter->reply.message.allocator = link->allocator;
    (void)pthread_condattr_init(&monotonic);
    (void)pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    (void)pthread_cond_init(&waiter->changed, &monotonic);
    (void)pthread_condattr_destroy(&monotonic);
}

static void deinit_waiter(struct link_waiter *waiter)
{
    (void)pthread_cond_destroy(&waiter->changed);
    thrift_buffer_deinit(&waiter->reply.message);
}

static thrift_status receive_reply(struct link *link, struct link_waiter *self, thrift_error *err)
{
    thrift_status status = THRIFT_OK;

    pthread_mutex_lock(&link->lock);
    while (self->state == LINK_WAITING) {
        if (link->reading) {
            wait_for_turn(link, self);
        } else {
            read_in_turn(link, self);
        }
    }
    pthread_mutex_unlock(&link->lock);
    if (self->state == LINK_LOST) {
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

static thrift_status check_carriage(const struct link *link, const struct link_request *request,
                                    thrift_error *err)
{
    return link->dialogue.destination->carriage != CARRIAGE_DATAGRAMS || request->oneway
               ? THRIFT_OK
               : FAIL(err, THRIFT_E_ARGUMENT, "datagrams carry oneway calls only, not %s",
                      request->method);
}

thrift_status link_exchange(struct link *link, const struct link_request *request, bool *out_sent,
                            thrift_error *err)
{
    struct link_waiter self;
    thrift_error own = THRIFT_ERROR_INIT;
    thrift_status status = check_carriage(link, request, &own);

    if (status == THRIFT_OK) {
        init_waiter(&self, link, request);
        if (link->ordered) {
            pthread_mutex_lock(&link->turn);
        }
        status = send_request(link, &self, out_sent, &own);
        if (status == THRIFT_OK && (!request->oneway || link->ordered)) {
            status = receive_reply(link, &self, &own);
        }
        if (link->ordered) {
            pthread_mutex_unlock(&link->turn);
        }
        deinit_waiter(&self);
    }
    if (status != THRIFT_OK && err != NULL) {
        *err = own;
    }
    return status;
}

/* ---- pipelining ---- */

thrift_status link_post(struct link *link, const struct link_request *request,
                        struct link_waiter *waiter, thrift_error *err)
{
    thrift_error own = THRIFT_ERROR_INIT;
    thrift_status status;
    size_t sent;

    if (link->ordered || link->dialogue.destination->carriage == CARRIAGE_DATAGRAMS) {
        bool any_sent = false;

        status = link_exchange(link, request, &any_sent, err);
        init_waiter(waiter, link, request);
        waiter->state = LINK_ANSWERED;
        if (status != THRIFT_OK) {
            deinit_waiter(waiter);
        }
        return status;
    }
    init_waiter(waiter, link, request);
    waiter->posted = true;
    pthread_mutex_lock(&link->sending);
    status = append_request(link, waiter, &own);
    if (status == THRIFT_OK && link->out.size > POSTED_MOST) {
        status = send_appended(link, waiter, &sent, &own);
    }
    pthread_mutex_unlock(&link->sending);
    if (status == THRIFT_OK) {
        return status;
    }
    deinit_waiter(waiter);
    if (err != NULL) {
        *err = own;
    }
    return status;
}

thrift_status link_finish(struct link *link, struct link_waiter *waiter, thrift_error *err)
{
    thrift_error own = THRIFT_ERROR_INIT;
    thrift_status status = THRIFT_OK;
    size_t sent;

    pthread_mutex_lock(&link->sending);
    if (link->out.size > 0) {
        status = send_appended(link, waiter, &sent, &own);
    }
    pthread_mutex_unlock(&link->sending);
    if (status == THRIFT_OK && !waiter->request->oneway) {
        pthread_mutex_lock(&link->lock);
        waiter->posted = false;
        pthread_mutex_unlock(&link->lock);
        status = receive_reply(link, waiter, &own);
    }
    deinit_waiter(waiter);
    if (status != THRIFT_OK && err != NULL) {
        *err = own;
    }
    return status;
}

void link_drop(struct link *link, struct link_waiter *waiter)
{
    thrift_error why = THRIFT_ERROR_INIT;

    pthread_mutex_lock(&link->lock);
    if (waiter->state == LINK_WAITING && !waiter->request->oneway) {
        (void)FAIL(&why, THRIFT_E_CANCELLED, "nobody waits for a reply any more");
        give_up(link, waiter, &why);
    }
    pthread_mutex_unlock(&link->lock);
    deinit_waiter(waiter);
}
