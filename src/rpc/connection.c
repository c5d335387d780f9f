/*
 * The life of a connection: bytes, replies, back-pressure, deadlines, the end.
 *
 * A worker has one output buffer, shared by its connections: after every event it is written and
 * empty again. Reading pauses while the peer does not take its replies.
 */
#include "rpc/connection.h"

#include <stddef.h>

#include "rpc/worker.h"

#define FAREWELL_MS 500 /* for a peer to read the last reply and close */

static struct connection *connection_of(struct stream *stream) { return stream_owner(stream); }

static const char *print_peer(const void *data, char out[ADDRESS_TEXT_SIZE])
{
    struct connection *connection = (struct connection *)(uintptr_t)data; /* its session */

    return stream_peer(stream_of(connection), out);
}

static void log_connection(struct connection *connection, enum log_level level, const char *event,
                           const char *what)
{
    const struct log *log = &connection->worker->serving->log;
    char peer[ADDRESS_TEXT_SIZE];

    if (log->write != NULL) {
        log_write(log, level, event, "%s: %s", print_peer(connection, peer), what);
    }
}

/* ---- the life of a connection ---- */

static void start(struct connection *connection, enum connection_list list,
                  struct deadline *deadline)
{
    struct worker *worker = connection->worker;

    loop_start_deadline(worker->loop, &worker->lists[list], deadline);
}

static bool runs(const struct connection *connection, enum connection_list list,
                 const struct deadline *deadline)
{
    return deadline->list == &connection->worker->lists[list];
}

static void close_connection(struct connection *connection)
{
    deadline_stop(&connection->reading);
    deadline_stop(&connection->writing);
    stream_close(stream_of(connection));
}

static bool is_idle(const struct connection *connection)
{
    return !connection->full && !session_is_partial(&connection->session) &&
           stream_queued(stream_of((struct connection *)(uintptr_t)connection)) == 0;
}

/* Everything is sent that will be. A close with unread input would reset the connection and might
 * cost the peer the reply: so it gets a moment to read and close first. */
static void say_farewell(struct connection *connection)
{
    connection->farewell = true;
    if (!stream_finish(stream_of(connection))) {
        close_connection(connection);
        return;
    }
    start(connection, LIST_FAREWELL, &connection->reading);
}

static void watch_reading(struct connection *connection, uint32_t messages_before)
{
    bool partial = session_is_partial(&connection->session) && !connection->full;

    if (partial) {
        /* From the first byte of the message, whatever comes later. */
        if (!runs(connection, LIST_FRAME, &connection->reading) ||
            connection->session.messages != messages_before) {
            start(connection, LIST_FRAME, &connection->reading);
        }
    } else {
        start(connection, LIST_IDLE, &connection->reading); /* stops it when that is off */
    }
}

static void watch_writing(struct connection *connection)
{
    size_t queued = stream_queued(stream_of(connection));

    if (queued == 0 && !connection->full) {
        deadline_stop(&connection->writing);
    } else if (connection->writing.list == NULL) {
        connection->queued = (uint32_t)queued;
        start(connection, LIST_WRITE, &connection->writing);
    }
}

static void set_paused(struct connection *connection, bool paused)
{
    if (paused && !connection->paused) {
        stream_pause(stream_of(connection));
    } else if (!paused && connection->paused) {
        stream_resume(stream_of(connection));
    }
    connection->paused = paused;
}

/* Lets the session work on `bytes` and on what waits in it, for one turn. */
static void work(struct connection *connection, thrift_bytes bytes)
{
    struct worker *worker = connection->worker;
    struct stream *stream = stream_of(connection);
    uint32_t messages = connection->session.messages;
    enum session_verdict verdict;
    size_t queued, before = stream_queued(stream);
    bool said = before > 0 || connection->full;

    verdict = session_receive(&connection->session, bytes, &worker->out);
    said |= worker->out.size > 0;
    if (!stream_write(stream, &worker->out)) {
        close_connection(connection);
        return;
    }
    queued = stream_queued(stream);
    if (before > 0 && queued > worker->serving->limits.max_write_queue_size) {
        log_connection(connection, LOG_NOTICE, "connection-stuck",
                       "the peer does not read its replies, closed");
        close_connection(connection);
        return;
    }
    connection->full = verdict == SESSION_FULL;
    connection->ending |= verdict == SESSION_CLOSE;
    if (connection->ending && !connection->full && queued == 0) {
        if (verdict == SESSION_CLOSE && !said && messages == connection->session.messages) {
            close_connection(connection); /* nothing was said */
        } else {
            say_farewell(connection);
        }
        return;
    }
    if (worker->closing_idle && is_idle(connection)) {
        say_farewell(connection);
        return;
    }
    if (connection->full && queued == 0) {
        stream_yield(stream);
    }
    set_paused(connection, connection->full || queued >= SESSION_OUTPUT_MOST || connection->ending);
    watch_reading(connection, messages);
    watch_writing(connection);
}

static void on_arrived(struct stream *stream, thrift_bytes bytes)
{
    struct connection *connection = connection_of(stream);

    if (connection->farewell) {
        return;
    }
    worker_take_generation(connection->worker);
    connection->session.now_ns = loop_now_ms(connection->worker->loop) * 1000000;
    work(connection, bytes);
}

static void on_ended(struct stream *stream, int sys_errno)
{
    struct connection *connection = connection_of(stream);

    if (sys_errno != 0 || connection->farewell) {
        close_connection(connection);
        return;
    }
    connection->ending = true; /* half-closed: what was asked is still answered */
    if (!connection->full) {
        session_end(&connection->session);
        if (stream_queued(stream) == 0) {
            close_connection(connection);
        }
    }
}

static void on_drained(struct stream *stream)
{
    struct connection *connection = connection_of(stream);

    deadline_stop(&connection->writing);
    if (connection->full) {
        worker_take_generation(connection->worker);
        work(connection, (thrift_bytes){NULL, 0});
    } else if (connection->ending || (connection->worker->closing_idle && is_idle(connection))) {
        say_farewell(connection);
    } else {
        set_paused(connection, false);
    }
}

static void on_closed(struct stream *stream)
{
    struct connection *connection = connection_of(stream);
    struct worker *worker = connection->worker;

    connection->previous->next = connection->next;
    connection->next->previous = connection->previous;
    session_deinit(&connection->session);
    serving_leave(worker->serving, connection->peer);
    worker_finish_if_empty(worker);
}

static const struct stream_events connection_events = {on_arrived, on_ended, on_drained, on_closed};

/* ---- deadlines ---- */

static struct connection *of_reading(struct deadline *deadline)
{
    return (struct connection *)(void *)((uint8_t *)deadline -
                                         offsetof(struct connection, reading));
}

static struct connection *of_writing(struct deadline *deadline)
{
    return (struct connection *)(void *)((uint8_t *)deadline -
                                         offsetof(struct connection, writing));
}

static void on_silent(struct deadline *deadline)
{
    log_connection(of_reading(deadline), LOG_NOTICE, "connection-silent",
                   "no first byte in time, closed");
    close_connection(of_reading(deadline));
}

static void on_slow_frame(struct deadline *deadline)
{
    log_connection(of_reading(deadline), LOG_NOTICE, "connection-slow",
                   "a message did not end in time, closed");
    close_connection(of_reading(deadline));
}

static void on_idle(struct deadline *deadline)
{
    log_connection(of_reading(deadline), LOG_INFO, "connection-idle", "closed");
    say_farewell(of_reading(deadline));
}

static void on_farewell_over(struct deadline *deadline) { close_connection(of_reading(deadline)); }

static void on_stuck(struct deadline *deadline)
{
    struct connection *connection = of_writing(deadline);
    size_t queued = stream_queued(stream_of(connection));

    if (queued < connection->queued) {
        connection->queued = (uint32_t)queued;
        start(connection, LIST_WRITE, deadline);
        return;
    }
    log_connection(connection, LOG_NOTICE, "connection-stuck",
                   "the peer does not read its replies, closed");
    close_connection(connection);
}

/* ---- opening and closing ---- */

void connection_open(struct worker *worker, struct stream *stream, int fd)
{
    struct connection *connection = connection_of(stream);
    thrift_error err = THRIFT_ERROR_INIT;

    session_init(&connection->session, &worker->dispatcher, &worker->shared, print_peer);
    connection->worker = worker;
    connection->next = &worker->connections;
    connection->previous = worker->connections.previous;
    worker->connections.previous->next = connection;
    worker->connections.previous = connection;
    if (stream_open(stream, worker->loop, fd, &err) != THRIFT_OK) {
        log_write(&worker->serving->log, LOG_WARNING, "connection-lost", "%s", err.message);
        stream_close(stream);
    } else if (worker->closing_idle) {
        say_farewell(connection);
    } else {
        start(connection,
              worker->lists[LIST_FIRST_BYTE].timeout_ms != 0 ? LIST_FIRST_BYTE : LIST_IDLE,
              &connection->reading);
    }
}

void connection_close_all(struct worker *worker)
{
    for (struct connection *at = worker->connections.next; at != &worker->connections;) {
        struct connection *next = at->next;

        close_connection(at);
        at = next;
    }
}

void connection_close_idle(struct worker *worker)
{
    for (struct connection *at = worker->connections.next; at != &worker->connections;) {
        struct connection *next = at->next;

        if (is_idle(at) && !at->farewell) {
            say_farewell(at);
        }
        at = next;
    }
}

struct stream *connection_new(struct peer_count *peer, const thrift_allocator *allocator)
{
    struct stream *stream = stream_new(&connection_events, sizeof(struct connection), allocator);

    if (stream != NULL) {
        connection_of(stream)->peer = peer;
    }
    return stream;
}

struct peer_count *connection_peer(struct stream *stream) { return connection_of(stream)->peer; }

void connection_init_lists(struct worker *worker)
{
    const thrift_limits *limits = &worker->serving->limits;
    struct deadline_list *lists = worker->lists;

    worker->connections.next = worker->connections.previous = &worker->connections;
    deadline_list_init(&lists[LIST_FIRST_BYTE], limits->first_byte_timeout_ms, on_silent);
    deadline_list_init(&lists[LIST_FRAME], limits->frame_timeout_ms, on_slow_frame);
    deadline_list_init(&lists[LIST_IDLE], limits->idle_timeout_ms, on_idle);
    deadline_list_init(&lists[LIST_WRITE], limits->write_timeout_ms, on_stuck);
    deadline_list_init(&lists[LIST_FAREWELL], FAREWELL_MS, on_farewell_over);
    for (size_t i = 0; i < CONNECTION_LISTS; i++) {
        loop_watch_deadlines(worker->loop, &lists[i]);
    }
}
