/*
 * The life of calls on a loop: started, waiting, written, ended.
 *
 * Whatever calls a call's function may find the link changed afterwards, because functions start,
 * cancel and free: so that comes last, or what follows looks again.
 */
#include "rpc/loop_link.h"

#include <stddef.h>
#include <string.h>

#include "base/alloc.h"
#include "base/buffer.h"
#include "base/error.h"
#include "base/text.h"
#include "codec/codec.h"
#include "rpc/call_table.h"
#include "transport/connector.h"
#include "transport/socket.h"
#include "transport/stream.h"

#define WRITE_MOST ((size_t)1 << 20) /* that the peer has not taken, before calls wait */
#define ABANDONED_MOST 1024u         /* replies still to come that nobody wants */

struct loop_call {
    struct call_entry entry; /* first; of a call that was written */
    struct loop_call *next;  /* of one that was not */
    struct deadline deadline;
    struct loop_link *link;
    struct exchange exchange;
    thrift_buffer arguments;
    thrift_outcome_fn done; /* NULL: it has ended, only its reply is still to come */
    void *data;
    uint64_t written_ms;
    bool written;
};

/* Calls in the order of their start. */
struct call_queue {
    struct loop_call *first, **end;
};

struct loop_link {
    thrift_client *client;
    thrift_loop *handle; /* a reference */
    struct loop *loop;
    pthread_mutex_t lock; /* of the next five */
    struct call_queue started;
    bool awake;      /* the task is on its way */
    uint32_t living; /* calls that have not ended */
    bool gone;
    pthread_cond_t gone_changed;
    struct loop_task task, close_task, end_task;
    /* of the loop's thread */
    struct call_queue waiting;
    struct call_table written;
    uint32_t abandoned;
    uint32_t next_sequence_id;
    struct deadline_list deadlines;
    struct dialogue dialogue;
    struct stream *stream; /* NULL: none, or connecting */
    uint32_t streams;      /* that are not closed yet */
    bool watching, connecting, closing, ending;
    uint64_t received_ms;
    thrift_buffer out;
    void (*tell_gone)(void *data); /* NULL: a thread waits */
    void *gone_data;
};

struct stream_owner {
    struct loop_link *link; /* which may have another stream by now */
};

static void queue_init(struct call_queue *queue)
{
    queue->first = NULL;
    queue->end = &queue->first;
}

static void queue_add(struct call_queue *queue, struct loop_call *call)
{
    call->next = NULL;
    *queue->end = call;
    queue->end = &call->next;
}

static void queue_remove(struct call_queue *queue, struct loop_call *call)
{
    struct loop_call **at = &queue->first;

    while (*at != call) {
        at = &(*at)->next;
    }
    *at = call->next;
    if (queue->end == &call->next) {
        queue->end = at;
    }
}

static struct loop_call *queue_take(struct call_queue *queue)
{
    struct loop_call *call = queue->first;

    if (call != NULL) {
        queue_remove(queue, call);
    }
    return call;
}

static struct loop_call *call_of(struct call_entry *entry)
{
    return (struct loop_call *)(void *)entry;
}

static struct loop_call *call_of_deadline(struct deadline *deadline)
{
    return (struct loop_call *)(void *)((uint8_t *)deadline - offsetof(struct loop_call, deadline));
}

/* ---- ends ---- */

static void free_call(struct loop_link *link, struct loop_call *call)
{
    thrift_buffer_deinit(&call->arguments);
    thrift_outcome_free(call->exchange.outcome);
    mem_free(&link->client->allocator, call, sizeof *call);
}

/* The function gets the outcome when there is no error. The call itself stays. */
static void tell(struct loop_link *link, struct loop_call *call, const thrift_error *err)
{
    thrift_outcome_fn done = call->done;
    thrift_outcome *outcome = call->exchange.outcome;

    deadline_stop(&call->deadline);
    call->done = NULL;
    call->exchange.outcome = NULL;
    pthread_mutex_lock(&link->lock);
    link->living--;
    pthread_mutex_unlock(&link->lock);
    if (err != NULL) {
        thrift_outcome_free(outcome);
        outcome = NULL;
    }
    done(outcome, err, call->data);
}

/* Not in any list any more. */
static void end_call(struct loop_link *link, struct loop_call *call, const thrift_error *err)
{
    struct loop_call ended = *call;

    deadline_stop(&call->deadline);
    ended.deadline.list = NULL;
    call->exchange.outcome = NULL;
    free_call(link, call);
    if (ended.done != NULL) {
        tell(link, &ended, err);
    }
}

static void finish_if_gone(struct loop_link *link)
{
    if (link->closing && !link->ending && link->streams == 0 && !link->connecting) {
        link->ending = true;
        (void)loop_post(link->loop, &link->end_task);
    }
}

/* All that was written is lost. */
static void lose_connection(struct loop_link *link, const thrift_error *why)
{
    struct call_table lost = link->written;

    if (link->stream != NULL) {
        stream_close(link->stream);
        link->stream = NULL;
    }
    call_table_init(&link->written, &link->client->allocator);
    link->abandoned = 0;
    for (struct call_entry *at = lost.oldest, *next; at != NULL; at = next) {
        next = at->newer;
        deadline_stop(&call_of(at)->deadline);
    }
    for (struct call_entry *at = lost.oldest, *next; at != NULL; at = next) {
        next = at->newer;
        end_call(link, call_of(at), why);
    }
    lost.oldest = NULL;
    call_table_deinit(&lost);
}

static void lose_with(struct loop_link *link, const thrift_error *reason)
{
    thrift_error why = *reason;

    if (why.code != THRIFT_E_NOMEM && why.code != THRIFT_E_CANCELLED) {
        why.code = THRIFT_E_CLOSED;
    }
    lose_connection(link, &why);
}

static void fail_waiting(struct loop_link *link, const thrift_error *why)
{
    struct loop_call *call = link->waiting.first;

    queue_init(&link->waiting);
    for (struct loop_call *at = call; at != NULL; at = at->next) {
        deadline_stop(&at->deadline);
    }
    while (call != NULL) {
        struct loop_call *next = call->next;

        end_call(link, call, why);
        call = next;
    }
}

/* ---- writing ---- */

static void pump(struct loop_link *link);

static thrift_status write_call(struct loop_link *link, struct loop_call *call, thrift_error *err)
{
    thrift_status status;

    call->entry.sequence_id = (int32_t)link->next_sequence_id++;
    call->exchange.raw = buffer_bytes(&call->arguments);
    if (!call->exchange.oneway && !call_table_add(&link->written, &call->entry)) {
        return FAIL_NOMEM(err);
    }
    status = exchange_write(&call->exchange, &link->dialogue, call->entry.sequence_id, &link->out,
                            err);
    if (call->exchange.oneway) {
        return status;
    }
    if (status != THRIFT_OK) {
        call_table_remove(&link->written, &call->entry);
        return status;
    }
    call->written = true;
    call->written_ms = loop_now_ms(link->loop);
    thrift_buffer_deinit(&call->arguments);
    return THRIFT_OK;
}

/* Writes what waits, as far as the peer takes it. Oneway calls end when they are written. */
static void write_waiting(struct loop_link *link)
{
    struct call_queue ended;
    struct loop_call *call;
    thrift_error err = THRIFT_ERROR_INIT;

    queue_init(&ended);
    while (err.code == THRIFT_OK && link->out.size < WRITE_MOST &&
           stream_queued(link->stream) < WRITE_MOST &&
           (call = queue_take(&link->waiting)) != NULL) {
        (void)write_call(link, call, &err);
        if (!call->written) {
            queue_add(&ended, call);
        }
    }
    if (link->out.size > 0 && !stream_write(link->stream, &link->out)) {
        thrift_error why = THRIFT_ERROR_INIT;

        (void)FAIL(&why, THRIFT_E_CLOSED, "the peer closed the connection");
        lose_connection(link, &why);
    }
    while ((call = queue_take(&ended)) != NULL) {
        /* Only the last can have failed. */
        end_call(link, call, err.code != THRIFT_OK && ended.first == NULL ? &err : NULL);
    }
    if (err.code != THRIFT_OK) {
        pump(link);
    }
}

/* ---- reading ---- */

static void deliver(struct loop_link *link, struct call_entry *entry,
                    const struct link_reply *reply)
{
    struct loop_call *call = call_of(entry);
    thrift_error err = THRIFT_ERROR_INIT;

    call_table_remove(&link->written, entry);
    if (call->done == NULL) {
        link->abandoned--;
        free_call(link, call);
        return;
    }
    (void)outcome_read(call->exchange.outcome, reply->protocol, reply, &link->client->policy, &err);
    end_call(link, call, err.code != THRIFT_OK ? &err : NULL);
}

static thrift_status take_reply(struct loop_link *link, const struct inbound_message *message,
                                thrift_error *err)
{
    struct link_reply reply = {.protocol = message->form.protocol, .body = message->bytes};
    thrift_status status = message_read_begin(message->form.protocol, &reply.body,
                                              &link->client->limits, &reply.header, err);
    struct call_entry *entry;

    if (status != THRIFT_OK) {
        return status;
    }
    entry = call_table_find(&link->written, reply.header.sequence_id);
    if (entry == NULL) {
        return FAIL(err, THRIFT_E_PROTOCOL, "the reply has sequence id %d, which nobody waits for",
                    (int)reply.header.sequence_id);
    }
    status = link_check_reply(&reply.header, call_of(entry)->exchange.method, err);
    if (status == THRIFT_OK) {
        deliver(link, entry, &reply);
    }
    return status;
}

static void on_arrived(struct stream *stream, thrift_bytes bytes)
{
    struct loop_link *link = ((struct stream_owner *)stream_owner(stream))->link;
    struct inbound_message message;
    thrift_error err = THRIFT_ERROR_INIT;
    enum dialogue_event event = DIALOGUE_MORE;

    if (link->stream != stream) {
        return;
    }
    link->received_ms = loop_now_ms(link->loop);
    if (dialogue_feed(&link->dialogue, bytes, &err) == THRIFT_OK) {
        while ((event = dialogue_next(&link->dialogue, &message, &err)) == DIALOGUE_REPLY &&
               take_reply(link, &message, &err) == THRIFT_OK) {
            if (link->stream != stream) {
                return; /* a call's function ended it */
            }
        }
    }
    if (event == DIALOGUE_MORE && err.code == THRIFT_OK) {
        (void)dialogue_keep(&link->dialogue, &err);
    }
    if (err.code != THRIFT_OK) {
        lose_connection(link, &err);
    }
    pump(link);
}

static void on_ended(struct stream *stream, int sys_errno)
{
    struct loop_link *link = ((struct stream_owner *)stream_owner(stream))->link;
    thrift_error why = THRIFT_ERROR_INIT;

    if (link->stream != stream) {
        return;
    }
    if (sys_errno == 0) {
        (void)FAIL(&why, THRIFT_E_CLOSED, "the peer closed the connection");
    } else {
        (void)error_set_errno(&why, THRIFT_E_CLOSED, sys_errno, "receiving");
    }
    lose_connection(link, &why);
    pump(link);
}

static void on_drained(struct stream *stream)
{
    pump(((struct stream_owner *)stream_owner(stream))->link);
}

static void on_closed(struct stream *stream)
{
    struct loop_link *link = ((struct stream_owner *)stream_owner(stream))->link;

    link->streams--;
    finish_if_gone(link);
}

static const struct stream_events stream_events = {on_arrived, on_ended, on_drained, on_closed};

/* ---- connecting ---- */

static thrift_status open_stream(struct loop_link *link, int fd, thrift_error *err)
{
    thrift_client *client = link->client;
    struct stream *stream =
        stream_new(&stream_events, sizeof(struct stream_owner), &client->allocator);
    thrift_status status;

    if (stream == NULL) {
        socket_close(fd);
        return FAIL_NOMEM(err);
    }
    ((struct stream_owner *)stream_owner(stream))->link = link;
    link->streams++;
    dialogue_deinit(&link->dialogue);
    status = stream_open(stream, link->loop, fd, err);
    if (status == THRIFT_OK) {
        status = dialogue_init(&link->dialogue, &client->destination, &client->limits,
                               &client->allocator, err);
    }
    if (status != THRIFT_OK) {
        stream_close(stream);
        return status;
    }
    link->stream = stream;
    link->received_ms = loop_now_ms(link->loop);
    return THRIFT_OK;
}

static void on_connected(void *data, int fd, const thrift_error *failure)
{
    struct loop_link *link = data;
    thrift_error err = *failure;

    link->connecting = false;
    if (link->closing) {
        socket_close(fd);
        finish_if_gone(link);
        return;
    }
    if (fd >= 0 && open_stream(link, fd, &err) == THRIFT_OK) {
        pump(link);
    } else {
        fail_waiting(link, &err);
    }
}

static void connect_now(struct loop_link *link)
{
    thrift_client *client = link->client;
    thrift_error err = THRIFT_ERROR_INIT;

    link->connecting = true;
    if (connector_start(link->loop, &client->destination.address,
                        client_after_ms(client->connect_timeout_ms), on_connected, link,
                        &client->allocator, &err) != THRIFT_OK) {
        link->connecting = false;
        fail_waiting(link, &err);
    }
}

static void pump(struct loop_link *link)
{
    if (link->closing || link->connecting || link->waiting.first == NULL) {
        return;
    }
    if (link->stream == NULL) {
        connect_now(link);
    } else {
        write_waiting(link);
    }
}

/* ---- deadlines ---- */

/* `silence`: a peer that has sent nothing since it was asked is given up. */
static void abandon(struct loop_link *link, struct loop_call *call, bool silence,
                    const thrift_error *why)
{
    if (!call->written) {
        queue_remove(&link->waiting, call);
        end_call(link, call, why);
    } else if ((silence && link->received_ms < call->written_ms) ||
               link->abandoned >= ABANDONED_MOST) {
        call_table_remove(&link->written, &call->entry);
        lose_with(link, why);
        end_call(link, call, why);
    } else {
        link->abandoned++;
        tell(link, call, why);
    }
}

static void on_expired(struct deadline *deadline)
{
    struct loop_call *call = call_of_deadline(deadline);
    struct loop_link *link = call->link;
    thrift_error why = THRIFT_ERROR_INIT;

    (void)FAIL(&why, THRIFT_E_DEADLINE, "no reply in time");
    abandon(link, call, true, &why);
    pump(link);
}

/* ---- from other threads ---- */

/* Loop thread: what was started waits now. */
static void accept_started(struct loop_link *link)
{
    struct loop_call *call;

    pthread_mutex_lock(&link->lock);
    call = link->started.first;
    queue_init(&link->started);
    link->awake = false;
    pthread_mutex_unlock(&link->lock);
    if (!link->watching) {
        loop_watch_deadlines(link->loop, &link->deadlines);
        link->watching = true;
    }
    while (call != NULL) {
        struct loop_call *next = call->next;

        queue_add(&link->waiting, call);
        loop_start_deadline(link->loop, &link->deadlines, &call->deadline);
        call = next;
    }
}

static void on_task(struct loop_task *task)
{
    struct loop_link *link =
        (struct loop_link *)(void *)((uint8_t *)task - offsetof(struct loop_link, task));

    accept_started(link);
    pump(link);
}

static struct loop_call *new_call(struct loop_link *link, const struct exchange *prepared,
                                  thrift_error *err)
{
    thrift_client *client = link->client;
    struct loop_call *call = mem_alloc_zero(&client->allocator, 1, sizeof *call);

    if (call == NULL) {
        (void)FAIL_NOMEM(err);
        return NULL;
    }
    call->link = link;
    call->exchange = *prepared;
    call->exchange.plan = NULL;
    call->exchange.arguments = NULL;
    call->arguments.allocator = client->allocator;
    if (codec_encode(prepared->plan, client->destination.form.protocol, prepared->arguments,
                     &client->policy, &call->arguments, err) != THRIFT_OK) {
        call->exchange.outcome = NULL; /* the caller's still */
        free_call(link, call);
        return NULL;
    }
    return call;
}

thrift_status loop_link_start(struct loop_link *link, const struct exchange *prepared,
                              thrift_outcome_fn done, void *data, thrift_error *err)
{
    thrift_error own = THRIFT_ERROR_INIT;
    struct loop_call *call = new_call(link, prepared, &own);
    bool wake = false, full;

    if (call == NULL) {
        *err = own;
        return own.code;
    }
    call->done = done;
    call->data = data;
    pthread_mutex_lock(&link->lock);
    full = link->living >= link->client->limits.max_calls;
    if (!full) {
        link->living++;
        queue_add(&link->started, call);
        wake = !link->awake;
        link->awake = true;
    }
    pthread_mutex_unlock(&link->lock);
    if (full) {
        call->exchange.outcome = NULL;
        free_call(link, call);
        return FAIL(err, THRIFT_E_LIMIT, "%u calls are on their way, which is the limit",
                    (unsigned)link->client->limits.max_calls);
    }
    if (wake) {
        (void)loop_post(link->loop, &link->task);
    }
    return THRIFT_OK;
}

struct cancellation {
    struct loop_task task;
    struct loop_link *link;
    const void *data;
};

static struct loop_call *find_by_data(const struct loop_link *link, const void *data)
{
    for (struct loop_call *at = link->waiting.first; at != NULL; at = at->next) {
        if (at->data == data) {
            return at;
        }
    }
    for (struct call_entry *at = link->written.oldest; at != NULL; at = at->newer) {
        if (call_of(at)->done != NULL && call_of(at)->data == data) {
            return call_of(at);
        }
    }
    return NULL;
}

static void on_cancel(struct loop_task *task)
{
    struct cancellation *cancellation = (struct cancellation *)(void *)task;
    struct loop_link *link = cancellation->link;
    const void *data = cancellation->data;
    struct loop_call *call;
    thrift_error why = THRIFT_ERROR_INIT;

    mem_free(&link->client->allocator, cancellation, sizeof *cancellation);
    (void)FAIL(&why, THRIFT_E_CANCELLED, "cancelled");
    accept_started(link);
    while (!link->closing && (call = find_by_data(link, data)) != NULL) {
        abandon(link, call, false, &why);
    }
    pump(link);
}

thrift_status loop_link_cancel(struct loop_link *link, const void *data, thrift_error *err)
{
    struct cancellation *cancellation =
        mem_alloc_zero(&link->client->allocator, 1, sizeof *cancellation);

    if (cancellation == NULL) {
        return FAIL_NOMEM(err);
    }
    cancellation->task.run = on_cancel;
    cancellation->link = link;
    cancellation->data = data;
    (void)loop_post(link->loop, &cancellation->task);
    return THRIFT_OK;
}

/* ---- begin and end ---- */

static void begin_closing(struct loop_link *link)
{
    thrift_error why = THRIFT_ERROR_INIT;

    (void)FAIL(&why, THRIFT_E_CANCELLED, "the client was freed");
    accept_started(link);
    link->closing = true;
    lose_connection(link, &why);
    fail_waiting(link, &why);
    finish_if_gone(link);
}

static void on_close(struct loop_task *task)
{
    begin_closing(
        (struct loop_link *)(void *)((uint8_t *)task - offsetof(struct loop_link, close_task)));
}

static void free_link(struct loop_link *link)
{
    thrift_allocator allocator = link->client->allocator;

    call_table_deinit(&link->written);
    dialogue_deinit(&link->dialogue);
    thrift_buffer_deinit(&link->out);
    (void)pthread_cond_destroy(&link->gone_changed);
    (void)pthread_mutex_destroy(&link->lock);
    mem_free(&allocator, link, sizeof *link);
}

static void on_end(struct loop_task *task)
{
    struct loop_link *link =
        (struct loop_link *)(void *)((uint8_t *)task - offsetof(struct loop_link, end_task));
    void (*tell_gone)(void *data) = link->tell_gone;
    void *data = link->gone_data;
    thrift_loop *handle = link->handle;

    loop_unwatch_deadlines(link->loop, &link->deadlines);
    client_loop_let_go(handle);
    if (tell_gone == NULL) {
        pthread_mutex_lock(&link->lock);
        link->gone = true;
        pthread_cond_signal(&link->gone_changed);
        pthread_mutex_unlock(&link->lock); /* it is the waiting thread's now */
        return;
    }
    free_link(link);
    tell_gone(data);
    client_loop_unref(handle);
}

bool loop_link_close(struct loop_link *link, void (*gone)(void *data), void *data)
{
    thrift_loop *handle = link->handle;

    if (client_loop_is_here(handle)) {
        link->tell_gone = gone;
        link->gone_data = data;
        begin_closing(link);
        return false;
    }
    (void)loop_post(link->loop, &link->close_task);
    pthread_mutex_lock(&link->lock);
    while (!link->gone) {
        (void)pthread_cond_wait(&link->gone_changed, &link->lock);
    }
    pthread_mutex_unlock(&link->lock);
    free_link(link);
    client_loop_unref(handle);
    return true;
}

struct loop_link *loop_link_new(thrift_client *client, thrift_loop *loop, thrift_error *err)
{
    struct loop_link *link = mem_alloc_zero(&client->allocator, 1, sizeof *link);

    if (link == NULL) {
        (void)FAIL_NOMEM(err);
        return NULL;
    }
    link->client = client;
    link->handle = loop;
    client_loop_ref(loop);
    link->loop = client_loop_of(loop);
    (void)pthread_mutex_init(&link->lock, NULL);
    (void)pthread_cond_init(&link->gone_changed, NULL);
    queue_init(&link->started);
    queue_init(&link->waiting);
    call_table_init(&link->written, &client->allocator);
    link->out.allocator = client->allocator;
    link->next_sequence_id = (uint32_t)client->first_sequence_id;
    link->task.run = on_task;
    link->end_task.run = on_end;
    deadline_list_init(&link->deadlines, client->call_timeout_ms, on_expired);
    link->close_task.run = on_close;
    return link;
}
