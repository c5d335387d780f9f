/*
 * The life of a loop link: connecting, deadlines, what other threads ask for, the end.
 */
#include "rpc/loop_link.h"

#include "base/alloc.h"
#include "base/buffer.h"
#include "base/error.h"
#include "codec/codec.h"
#include "rpc/loop_link_parts.h"
#include "transport/connector.h"
#include "transport/socket.h"

#define ABANDONED_MOST 1024u /* replies still to come that nobody wants */

void loop_finish_if_gone(struct loop_link *link)
{
    if (link->closing && !link->ending && link->streams == 0 && !link->connecting) {
        link->ending = true;
        (void)loop_post(link->loop, &link->end_task);
    }
}

/* ---- connecting ---- */

static thrift_status open_stream(struct loop_link *link, int fd, thrift_error *err)
{
    thrift_client *client = link->client;
    struct stream *stream =
        stream_new(&loop_stream_events, sizeof(struct stream_owner), &client->allocator);
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
    if (status == THRIFT_OK) {
        status = dialogue_greet(&link->dialogue, &link->out, err);
    }
    if (status == THRIFT_OK && !stream_write(stream, &link->out)) {
        status = FAIL(err, THRIFT_E_CLOSED, "the peer closed the connection");
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
        loop_finish_if_gone(link);
        return;
    }
    if (fd >= 0 && open_stream(link, fd, &err) == THRIFT_OK) {
        loop_pump(link);
    } else {
        loop_fail_waiting(link, &err);
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
        loop_fail_waiting(link, &err);
    }
}

void loop_pump(struct loop_link *link)
{
    if (link->closing || link->connecting || link->waiting.first == NULL) {
        return;
    }
    if (link->stream == NULL) {
        connect_now(link);
    } else {
        loop_write_waiting(link);
    }
}

/* ---- deadlines ---- */

/* `silence`: a peer that has sent nothing since it was asked is given up. */
static void abandon(struct loop_link *link, struct loop_call *call, bool silence,
                    const thrift_error *why)
{
    if (!call->written) {
        queue_remove(&link->waiting, call);
        loop_end_call(link, call, why);
    } else if (dialogue_is_ordered(&link->client->destination) ||
               (silence && link->received_ms < call->written_ms) ||
               link->abandoned >= ABANDONED_MOST) {
        call_table_remove(&link->written, &call->entry);
        loop_lose_connection(link, why, true);
        loop_end_call(link, call, why);
    } else {
        link->abandoned++;
        loop_tell(link, call, why);
    }
}

static void on_expired(struct deadline *deadline)
{
    struct loop_call *call = call_of_deadline(deadline);
    struct loop_link *link = call->link;
    thrift_error why = THRIFT_ERROR_INIT;

    (void)FAIL(&why, THRIFT_E_DEADLINE, "no reply in time");
    abandon(link, call, true, &why);
    loop_pump(link);
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
    loop_pump(link);
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
        loop_free_call(link, call);
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
        loop_free_call(link, call);
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
    loop_pump(link);
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
    loop_lose_connection(link, &why, false);
    loop_fail_waiting(link, &why);
    loop_finish_if_gone(link);
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
        client_loop_leave(handle);
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
