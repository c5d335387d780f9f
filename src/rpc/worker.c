/*
 * A server's loops: accepting, orders, the end.
 *
 * Draining: listeners close at once; connections that are idle after a last look at their sockets
 * close; the others when their message is answered, or when the drain's time is up.
 */
#include "rpc/worker.h"

#include <signal.h>
#include <stddef.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/error.h"
#include "transport/signals.h"

#define DRAIN_GRACE_MS 20 /* what is in the sockets' buffers is still read */

void worker_take_generation(struct worker *worker)
{
    struct generation *current;

    if (atomic_load_explicit(&worker->serving->published, memory_order_relaxed) ==
        worker->dispatcher.generation->number) {
        return;
    }
    current = serving_generation(worker->serving);
    dispatcher_use(&worker->dispatcher, current);
    generation_unref(current);
}

/* ---- accepting ---- */

/* A connection on its way to its loop. */
struct arrival {
    struct loop_task task;
    struct worker *worker;
    struct stream *stream;
    int fd;
};

static void on_arrival(struct loop_task *task)
{
    struct arrival *arrival = (struct arrival *)(void *)task;
    struct worker *worker = arrival->worker;

    connection_open(worker, arrival->stream, arrival->fd);
    mem_free(&worker->serving->allocator, arrival, sizeof *arrival);
}

static void refuse(struct worker *worker, struct peer_count *peer, int fd, const char *why)
{
    (void)close(fd);
    serving_leave(worker->serving, peer);
    log_write(&worker->serving->log, LOG_WARNING, "connection-refused", "%s", why);
}

static void drop(struct worker *worker, struct stream *stream, int fd, const char *why)
{
    struct peer_count *peer = connection_peer(stream);

    stream_discard(stream);
    refuse(worker, peer, fd, why);
}

static void send_to(struct worker *worker, struct stream *stream, int fd)
{
    struct arrival *arrival = mem_alloc_zero(&worker->serving->allocator, 1, sizeof *arrival);

    if (arrival == NULL) {
        drop(worker, stream, fd, "out of memory");
        return;
    }
    *arrival = (struct arrival){.task = {NULL, on_arrival}, worker, stream, fd};
    if (!loop_post(worker->loop, &arrival->task)) {
        mem_free(&worker->serving->allocator, arrival, sizeof *arrival);
        drop(worker, stream, fd, "shutting down");
    }
}

static void on_accepted(void *data, int fd)
{
    struct worker *chief = data;
    struct serving *serving = chief->serving;
    struct worker *worker = chief->chief.workers[chief->turn++ % chief->chief.worker_count];
    struct peer_count *peer = NULL;
    const char *why = serving_enter(serving, fd, &peer);
    struct stream *stream;

    if (why != NULL) {
        (void)close(fd);
        log_write(&serving->log, LOG_WARNING, "connection-refused", "%s", why);
        return;
    }
    stream = connection_new(peer, &serving->connection_memory);
    if (stream == NULL) {
        refuse(worker, peer, fd, "out of memory");
    } else if (worker == chief) {
        connection_open(worker, stream, fd);
    } else {
        send_to(worker, stream, fd);
    }
}

/* ---- datagrams ---- */

static const char *copy_peer(const void *data, char out[ADDRESS_TEXT_SIZE])
{
    (void)snprintf(out, ADDRESS_TEXT_SIZE, "%s", (const char *)data);
    return out;
}

/* One message, never an answer: a datagram's sender is whoever it claims to be. */
static void on_datagram(void *data, thrift_bytes datagram, const char *from)
{
    struct worker *worker = data;
    const struct peer peer = {copy_peer, from};
    struct inbound_message message;
    thrift_error err;

    err.code = THRIFT_OK; /* the rest is written by whoever fails */
    worker_take_generation(worker);
    if (inbound_whole(&worker->shared, datagram, &message, &err) == INBOUND_MESSAGE) {
        worker->dispatcher.arrived_ns = loop_now_ms(worker->loop) * 1000000;
        (void)dispatch(&worker->dispatcher, &message, &peer, &worker->out);
        worker->out.size = 0;
    } else {
        log_write(&worker->serving->log, LOG_NOTICE, "datagram-broken", "%s: %s", from,
                  err.message);
    }
}

/* ---- orders ---- */

static void close_listeners(struct worker *worker)
{
    for (struct listener *at = worker->chief.listeners; at != NULL; at = listener_next(at)) {
        listener_stop(at);
    }
}

void worker_finish_if_empty(struct worker *worker)
{
    bool is_chief = worker->chief.workers != NULL;

    if (!worker->draining || worker->ended || worker->connections.next != &worker->connections ||
        (is_chief && atomic_load(&worker->serving->workers) > 1)) {
        return;
    }
    worker->ended = true;
    deadline_stop(&worker->drain);
    signals_close(worker->signals);
    worker->signals = NULL;
    loop_end(worker->loop);
}

static void stop_keeping_alive(struct worker *worker)
{
    worker->closing_idle = true;
    worker->dispatcher.ending = true;
}

static void on_drain_step(struct deadline *deadline)
{
    struct worker *worker =
        (struct worker *)(void *)((uint8_t *)deadline - offsetof(struct worker, drain));

    if (worker->closing_idle) {
        log_write(&worker->serving->log, LOG_WARNING, "drain-timeout",
                  "connections are closed in the middle of their messages");
        connection_close_all(worker);
        return;
    }
    stop_keeping_alive(worker);
    connection_close_idle(worker);
    worker->drain_list.timeout_ms = worker->serving->limits.drain_timeout_ms;
    loop_start_deadline(worker->loop, &worker->drain_list, &worker->drain);
    worker_finish_if_empty(worker);
}

static void begin_drain(struct worker *worker)
{
    worker->draining = true;
    close_listeners(worker);
    loop_start_deadline(worker->loop, &worker->drain_list, &worker->drain);
}

static void on_woken(void *data)
{
    struct worker *worker = data;
    unsigned shutdowns = atomic_load(&worker->serving->shutdowns);

    worker_take_generation(worker);
    if (shutdowns > 0 && !worker->draining) {
        begin_drain(worker);
    }
    if (shutdowns > 1) {
        stop_keeping_alive(worker);
        connection_close_all(worker);
    }
    if (worker->closing_idle) {
        worker_finish_if_empty(worker);
    }
}

static void on_signal(int number, void *data)
{
    struct worker *worker = data;

    if (number == SIGHUP) {
        worker->chief.hangup(worker->chief.data);
        return;
    }
    atomic_fetch_add(&worker->serving->shutdowns, 1);
    for (size_t i = 0; i < worker->chief.worker_count; i++) {
        worker_wake(worker->chief.workers[i]);
    }
}

static void on_started(void *data)
{
    struct worker *worker = data;
    const int numbers[] = {SIGTERM, SIGINT, SIGHUP};
    const struct listener_events heard = {on_accepted, on_datagram, worker};
    thrift_error err = THRIFT_ERROR_INIT;

    for (struct listener *at = worker->chief.listeners; at != NULL; at = listener_next(at)) {
        if (listener_start(at, worker->loop, &heard, &worker->serving->log, &err) != THRIFT_OK) {
            log_write(&worker->serving->log, LOG_ERROR, "listener-failed", "%s: %s",
                      listener_address(at), err.message);
        }
    }
    if (worker->chief.signals) {
        worker->signals = signals_open(worker->loop, numbers, worker->chief.hangup != NULL ? 3 : 2,
                                       on_signal, worker, &worker->serving->allocator, &err);
        if (worker->signals == NULL) {
            log_write(&worker->serving->log, LOG_ERROR, "signals-failed", "%s", err.message);
        }
    }
    if (worker->chief.started != NULL) {
        worker->chief.started(worker->chief.data);
    }
    on_woken(worker); /* orders may have come before the thread */
}

static void on_loop_ended(void *data)
{
    struct worker *worker = data;

    atomic_fetch_sub(&worker->serving->workers, 1);
    if (worker->serving->chief != worker) {
        worker_wake(worker->serving->chief); /* it waits for the others */
    }
}

/* ---- making workers ---- */

struct worker *worker_new(struct serving *serving, thrift_error *err)
{
    struct worker *worker = mem_alloc_zero(&serving->allocator, 1, sizeof *worker);
    const struct loop_events events = {on_started, on_woken, on_loop_ended, worker};

    if (worker == NULL) {
        (void)FAIL_NOMEM(err);
        return NULL;
    }
    worker->loop = loop_new(&events, &serving->allocator, err);
    if (worker->loop == NULL) {
        mem_free(&serving->allocator, worker, sizeof *worker);
        return NULL;
    }
    worker->serving = serving;
    worker->out.allocator = serving->connection_memory;
    connection_init_lists(worker);
    deadline_list_init(&worker->drain_list, DRAIN_GRACE_MS, on_drain_step);
    loop_watch_deadlines(worker->loop, &worker->drain_list);
    inbound_shared_init(&worker->shared, &serving->limits, serving->protocols,
                        &serving->connection_memory);
    worker->shared.wires = serving->wires;
    struct generation *current = serving_generation(serving);
    dispatcher_init(&worker->dispatcher, current, &serving->policy, &serving->log);
    worker->dispatcher.origins = &serving->origins;
    worker->dispatcher.call_timeout_ms = serving->limits.call_timeout_ms;
    generation_unref(current);
    return worker;
}

void worker_free(struct worker *worker)
{
    if (worker == NULL) {
        return;
    }
    loop_free(worker->loop);
    dispatcher_deinit(&worker->dispatcher);
    inbound_shared_deinit(&worker->shared);
    thrift_buffer_deinit(&worker->out);
    mem_free(&worker->serving->allocator, worker, sizeof *worker);
}

void worker_make_chief(struct worker *worker, const struct worker_chief *chief)
{
    worker->chief = *chief;
    worker->serving->chief = worker;
}

thrift_status worker_start(struct worker *worker, thrift_error *err)
{
    thrift_status status;

    atomic_fetch_add(&worker->serving->workers, 1);
    status = loop_start(worker->loop, err);
    if (status != THRIFT_OK) {
        atomic_fetch_sub(&worker->serving->workers, 1);
    }
    return status;
}

void worker_join(struct worker *worker) { loop_join(worker->loop); }

void worker_wake(struct worker *worker) { loop_wake(worker->loop); }
