/*
 * The loop thread: wake-ups, posted tasks, one timer for all deadlines.
 *
 * SIGPIPE is blocked on the thread, because libuv writes without MSG_NOSIGNAL; the process's
 * disposition is left alone.
 */
#include "transport/loop.h"

#include <signal.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "transport/loop_private.h"

/* Set on loop threads only: what must not block there asks. */
static _Thread_local bool inside;

thrift_status loop_fail(thrift_error *err, int uv_status, const char *what)
{
    if (uv_status == UV_ENOMEM) {
        return FAIL_NOMEM(err);
    }
    return error_set_errno(err, THRIFT_E_IO, -uv_status, "%s", what);
}

static void run_tasks(struct loop *loop)
{
    struct loop_task *task;

    pthread_mutex_lock(&loop->lock);
    task = loop->tasks;
    loop->tasks = NULL;
    loop->tasks_end = &loop->tasks;
    pthread_mutex_unlock(&loop->lock);
    while (task != NULL) {
        struct loop_task *next = task->next;

        task->run(task);
        task = next;
    }
}

static void on_async(uv_async_t *async)
{
    struct loop *loop = async->data;

    run_tasks(loop);
    if (loop->closing == 0) { /* a task may have made it leave */
        loop->events.woken(loop->events.data);
    }
}

static void arm_timer(struct loop *loop, uint64_t at_ms);

static void on_timer(uv_timer_t *timer)
{
    struct loop *loop = timer->data;
    uint64_t next = UINT64_MAX;

    loop->timer_at_ms = UINT64_MAX;
    for (struct deadline_list *list = loop->lists; list != NULL;) {
        struct deadline_list *after = list->next; /* one that expires may take its list away */

        deadline_run(list, uv_now(loop->uv));
        list = after;
    }
    for (struct deadline_list *list = loop->lists; list != NULL; list = list->next) {
        uint64_t at = deadline_next(list);

        next = at < next ? at : next;
    }
    arm_timer(loop, next);
}

static void arm_timer(struct loop *loop, uint64_t at_ms)
{
    uint64_t now = uv_now(loop->uv);

    if (at_ms < loop->timer_at_ms && !uv_is_closing((uv_handle_t *)&loop->timer)) {
        loop->timer_at_ms = at_ms;
        (void)uv_timer_start(&loop->timer, on_timer, at_ms > now ? at_ms - now : 0, 0);
    }
}

void loop_watch_deadlines(struct loop *loop, struct deadline_list *list)
{
    list->next = loop->lists;
    loop->lists = list;
}

void loop_unwatch_deadlines(struct loop *loop, struct deadline_list *list)
{
    struct deadline_list **at = &loop->lists;

    while (*at != NULL && *at != list) {
        at = &(*at)->next;
    }
    if (*at == list) {
        *at = list->next;
    }
}

void loop_start_deadline(struct loop *loop, struct deadline_list *list, struct deadline *deadline)
{
    deadline_start(list, deadline, uv_now(loop->uv));
    if (deadline->list != NULL) {
        arm_timer(loop, deadline->at_ms);
    }
}

uint64_t loop_now_ms(const struct loop *loop) { return uv_now(loop->uv); }

bool loop_inside(void) { return inside; }

void loop_wake(struct loop *loop) { (void)uv_async_send(&loop->async); }

bool loop_post(struct loop *loop, struct loop_task *task)
{
    bool ended;

    task->next = NULL;
    pthread_mutex_lock(&loop->lock);
    ended = loop->ended;
    if (!ended) {
        *loop->tasks_end = task;
        loop->tasks_end = &task->next;
    }
    pthread_mutex_unlock(&loop->lock);
    if (!ended) {
        loop_wake(loop);
    }
    return !ended;
}

static void close_handles(struct loop *loop)
{
    if (!uv_is_closing((uv_handle_t *)&loop->async)) {
        uv_close((uv_handle_t *)&loop->async, NULL);
        uv_close((uv_handle_t *)&loop->timer, NULL);
    }
}

void loop_end(struct loop *loop)
{
    pthread_mutex_lock(&loop->lock);
    loop->ended = true;
    pthread_mutex_unlock(&loop->lock);
    run_tasks(loop); /* what was promised to run */
    /* The async handle stays open until loop_free(): loop_wake() may come from anywhere. */
    uv_unref((uv_handle_t *)&loop->async);
    (void)uv_timer_stop(&loop->timer);
    loop->timer_at_ms = 0; /* never armed again */
}

static void *run_thread(void *data)
{
    struct loop *loop = data;
    sigset_t pipe_signal;

    (void)sigemptyset(&pipe_signal);
    (void)sigaddset(&pipe_signal, SIGPIPE);
    (void)pthread_sigmask(SIG_BLOCK, &pipe_signal, NULL);
    inside = true;
    if (loop->events.started != NULL) {
        loop->events.started(loop->events.data);
    }
    (void)uv_run(loop->uv, UV_RUN_DEFAULT);
    if (loop->events.ended != NULL) {
        loop->events.ended(loop->events.data);
    }
    return NULL;
}

int loop_fd(const struct loop *loop) { return uv_backend_fd(loop->uv); }

int loop_timeout_ms(const struct loop *loop)
{
    uv_update_time(loop->uv); /* since its last turn the caller has been away */
    return uv_backend_timeout(loop->uv);
}

void loop_turn(struct loop *loop, bool wait)
{
    (void)uv_run(loop->uv, wait ? UV_RUN_ONCE : UV_RUN_NOWAIT);
}

thrift_status loop_start(struct loop *loop, thrift_error *err)
{
    int failed = pthread_create(&loop->thread, NULL, run_thread, loop);

    if (failed != 0) {
        return error_set_errno(err, THRIFT_E_IO, failed, "a loop thread cannot start");
    }
    loop->running = true;
    return THRIFT_OK;
}

void loop_join(struct loop *loop)
{
    if (loop->running) {
        (void)pthread_join(loop->thread, NULL);
        loop->running = false;
    }
}

void loop_detach(struct loop *loop)
{
    (void)pthread_detach(loop->thread);
    loop->running = false;
}

bool loop_is_own_thread(const struct loop *loop)
{
    return loop->running && pthread_equal(loop->thread, pthread_self());
}

static thrift_status open_handles(struct loop *loop, thrift_error *err)
{
    int failed = uv_async_init(loop->uv, &loop->async, on_async);

    if (failed != 0) {
        return loop_fail(err, failed, "an event loop cannot be made");
    }
    (void)uv_timer_init(loop->uv, &loop->timer); /* cannot fail */
    loop->async.data = loop->timer.data = loop;
    return THRIFT_OK;
}

static struct loop *free_memory(struct loop *loop)
{
    mem_free(&loop->allocator, loop->read_buffer, LOOP_READ_SIZE);
    (void)pthread_mutex_destroy(&loop->lock);
    mem_free(&loop->allocator, loop, sizeof *loop);
    return NULL;
}

/* Without handles; `uv` is still to be set. */
static struct loop *new_bare(const struct loop_events *events, const thrift_allocator *allocator,
                             thrift_error *err)
{
    struct loop *loop = mem_alloc_zero(allocator, 1, sizeof *loop);

    if (loop == NULL) {
        (void)FAIL_NOMEM(err);
        return NULL;
    }
    loop->events = *events;
    loop->timer_at_ms = UINT64_MAX;
    loop->tasks_end = &loop->tasks;
    if (allocator != NULL) {
        loop->allocator = *allocator;
    }
    (void)pthread_mutex_init(&loop->lock, NULL); /* of the default kind: cannot fail on Linux */
    loop->read_buffer = mem_alloc(allocator, LOOP_READ_SIZE);
    if (loop->read_buffer == NULL) {
        (void)FAIL_NOMEM(err);
        return free_memory(loop);
    }
    return loop;
}

struct loop *loop_new(const struct loop_events *events, const thrift_allocator *allocator,
                      thrift_error *err)
{
    struct loop *loop = new_bare(events, allocator, err);
    int failed;

    if (loop == NULL) {
        return NULL;
    }
    loop->uv = &loop->own;
    failed = uv_loop_init(loop->uv);
    if (failed != 0) {
        (void)loop_fail(err, failed, "an event loop cannot be made");
        return free_memory(loop);
    }
    if (open_handles(loop, err) != THRIFT_OK) {
        (void)uv_loop_close(loop->uv);
        return free_memory(loop);
    }
    return loop;
}

struct loop *loop_new_guest(void *uv_loop, const struct loop_events *events,
                            const thrift_allocator *allocator, thrift_error *err)
{
    struct loop *loop = new_bare(events, allocator, err);

    if (loop == NULL) {
        return NULL;
    }
    loop->uv = uv_loop;
    if (open_handles(loop, err) != THRIFT_OK) {
        return free_memory(loop);
    }
    uv_unref((uv_handle_t *)&loop->async);
    uv_unref((uv_handle_t *)&loop->timer);
    return loop;
}

void loop_keep_running(struct loop *loop)
{
    if (loop->keepers++ == 0) {
        uv_ref((uv_handle_t *)&loop->async);
    }
}

void loop_let_go(struct loop *loop)
{
    if (--loop->keepers == 0) {
        uv_unref((uv_handle_t *)&loop->async);
    }
}

static void on_guest_closed(uv_handle_t *handle)
{
    struct loop *loop = handle->data;

    if (--loop->closing == 0) {
        (void)free_memory(loop);
    }
}

void loop_leave(struct loop *loop)
{
    pthread_mutex_lock(&loop->lock);
    loop->ended = true;
    pthread_mutex_unlock(&loop->lock);
    run_tasks(loop);
    loop->closing = 2;
    uv_close((uv_handle_t *)&loop->async, on_guest_closed);
    uv_close((uv_handle_t *)&loop->timer, on_guest_closed);
}

void loop_free(struct loop *loop)
{
    if (loop == NULL) {
        return;
    }
    loop_end(loop);
    close_handles(loop);
    (void)uv_run(loop->uv, UV_RUN_DEFAULT); /* only the closing is left */
    (void)uv_loop_close(loop->uv);
    (void)free_memory(loop);
}
