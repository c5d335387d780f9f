/*
 * What goes over a loop link's connection, and how calls end.
 *
 * Whatever calls a call's function may find the link changed afterwards, because functions start,
 * cancel and free: so that comes last, or what follows looks again.
 */
#include "base/buffer.h"
#include "base/error.h"
#include "rpc/loop_link_parts.h"

#define WRITE_MOST ((size_t)1 << 20) /* that the peer has not taken, before calls wait */

/* ---- ends ---- */

void loop_free_call(struct loop_link *link, struct loop_call *call)
{
    thrift_buffer_deinit(&call->arguments);
    thrift_outcome_free(call->exchange.outcome);
    mem_free(&link->client->allocator, call, sizeof *call);
}

/* The function gets the outcome when there is no error. The call itself stays. */
void loop_tell(struct loop_link *link, struct loop_call *call, const thrift_error *err)
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
void loop_end_call(struct loop_link *link, struct loop_call *call, const thrift_error *err)
{
    struct loop_call ended = *call;

    deadline_stop(&call->deadline);
    ended.deadline.list = NULL;
    call->exchange.outcome = NULL;
    loop_free_call(link, call);
    if (ended.done != NULL) {
        loop_tell(link, &ended, err);
    }
}

/* All that was written is lost. */
void loop_lose_connection(struct loop_link *link, const thrift_error *reason, bool closed)
{
    struct call_table lost = link->written;
    thrift_error why = *reason;

    if (link->stream != NULL) {
        stream_close(link->stream);
        link->stream = NULL;
    }
    if (closed) {
        why.code = THRIFT_E_CLOSED;
    }
    call_table_init(&link->written, &link->client->allocator);
    link->abandoned = 0;
    for (struct call_entry *at = lost.oldest, *next; at != NULL; at = next) {
        next = at->newer;
        deadline_stop(&call_of(at)->deadline);
    }
    for (struct call_entry *at = lost.oldest, *next; at != NULL; at = next) {
        next = at->newer;
        loop_end_call(link, call_of(at), &why);
    }
    lost.oldest = NULL;
    call_table_deinit(&lost);
}

void loop_fail_waiting(struct loop_link *link, const thrift_error *why)
{
    struct loop_call *call = link->waiting.first;

    queue_init(&link->waiting);
    for (struct loop_call *at = call; at != NULL; at = at->next) {
        deadline_stop(&at->deadline);
    }
    while (call != NULL) {
        struct loop_call *next = call->next;

        loop_end_call(link, call, why);
        call = next;
    }
}

/* ---- writing ---- */

static thrift_status write_call(struct loop_link *link, struct loop_call *call, thrift_error *err)
{
    bool waits = !call->exchange.oneway || dialogue_is_ordered(&link->client->destination);
    thrift_status status;

    call->entry.sequence_id = (int32_t)link->next_sequence_id++;
    call->exchange.raw = buffer_bytes(&call->arguments);
    if (waits && !call_table_add(&link->written, &call->entry)) {
        return FAIL_NOMEM(err);
    }
    status =
        exchange_write(&call->exchange, &link->dialogue, call->entry.sequence_id, &link->out, err);
    if (!waits) {
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

static bool may_write(const struct loop_link *link)
{
    return link->dialogue.open &&
           (link->written.count == 0 || !dialogue_is_ordered(&link->client->destination));
}

/* Writes what waits, as far as the peer takes it. Oneway calls end when they are written. */
void loop_write_waiting(struct loop_link *link)
{
    struct call_queue ended;
    struct loop_call *call;
    thrift_error err = THRIFT_ERROR_INIT;

    queue_init(&ended);
    while (err.code == THRIFT_OK && may_write(link) && link->out.size < WRITE_MOST &&
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
        loop_lose_connection(link, &why, false);
    }
    while ((call = queue_take(&ended)) != NULL) {
        /* Only the last can have failed. */
        loop_end_call(link, call, err.code != THRIFT_OK && ended.first == NULL ? &err : NULL);
    }
    if (err.code != THRIFT_OK) {
        loop_pump(link);
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
        loop_free_call(link, call);
        return;
    }
    (void)outcome_read(call->exchange.outcome, reply->protocol, reply, &link->client->policy, &err);
    loop_end_call(link, call, err.code != THRIFT_OK ? &err : NULL);
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

/* An answer without a message: to a oneway request, which is the only one on its way. */
static thrift_status take_done(struct loop_link *link, thrift_error *err)
{
    struct call_entry *entry = link->written.oldest;

    if (entry == NULL || !call_of(entry)->exchange.oneway) {
        return FAIL(err, THRIFT_E_PROTOCOL, "the peer answered with nothing");
    }
    call_table_remove(&link->written, entry);
    loop_end_call(link, call_of(entry), NULL);
    return THRIFT_OK;
}

static thrift_status take_event(struct loop_link *link, enum dialogue_event event,
                                const struct inbound_message *message, thrift_error *err)
{
    return event == DIALOGUE_DONE ? take_done(link, err) : take_reply(link, message, err);
}

/* One that was never open would not be any better the next time. */
static void lose(struct loop_link *link, const thrift_error *why)
{
    bool open = link->dialogue.open;

    loop_lose_connection(link, why, false);
    if (!open) {
        loop_fail_waiting(link, why);
    }
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
        while (((event = dialogue_next(&link->dialogue, &message, &err)) == DIALOGUE_REPLY ||
                event == DIALOGUE_DONE) &&
               take_event(link, event, &message, &err) == THRIFT_OK) {
            if (link->stream != stream) {
                return; /* a call's function ended it */
            }
        }
    }
    if (link->dialogue.answer.size > 0 && stream_queued(stream) < WRITE_MOST) {
        (void)stream_write(stream, &link->dialogue.answer); /* a failure is seen by the read */
    }
    if (event == DIALOGUE_MORE && err.code == THRIFT_OK) {
        (void)dialogue_keep(&link->dialogue, &err);
    }
    if (err.code == THRIFT_OK && link->dialogue.closes) {
        (void)FAIL(&err, THRIFT_E_CLOSED, "the peer closes behind its answer");
    }
    if (err.code != THRIFT_OK) {
        lose(link, &err);
    }
    loop_pump(link);
}

static void on_ended(struct stream *stream, int sys_errno)
{
    struct loop_link *link = ((struct stream_owner *)stream_owner(stream))->link;
    struct inbound_message message;
    enum dialogue_event event;
    thrift_error why = THRIFT_ERROR_INIT;

    if (link->stream != stream) {
        return;
    }
    event = dialogue_finish(&link->dialogue, &message, &why);
    if (event == DIALOGUE_REPLY || event == DIALOGUE_DONE) {
        (void)take_event(link, event, &message, &why);
        if (link->stream != stream) {
            return;
        }
    }
    if (sys_errno == 0) {
        (void)FAIL(&why, THRIFT_E_CLOSED, "the peer closed the connection");
    } else {
        (void)error_set_errno(&why, THRIFT_E_CLOSED, sys_errno, "receiving");
    }
    lose(link, &why);
    loop_pump(link);
}

static void on_drained(struct stream *stream)
{
    loop_pump(((struct stream_owner *)stream_owner(stream))->link);
}

static void on_closed(struct stream *stream)
{
    struct loop_link *link = ((struct stream_owner *)stream_owner(stream))->link;

    link->streams--;
    loop_finish_if_gone(link);
}

const struct stream_events loop_stream_events = {on_arrived, on_ended, on_drained, on_closed};
