/*
 * Signal watches over libuv, which leaves SIG_DFL behind; what was there before is restored.
 */
#include "transport/signals.h"

#include <signal.h>

#include "base/alloc.h"
#include "base/error.h"
#include "transport/loop_private.h"

#define SIGNALS_MOST 4

struct signals {
    struct watch {
        uv_signal_t handle;
        struct sigaction before;
    } watches[SIGNALS_MOST];
    size_t count, open;
    signals_fn fn;
    void *data;
    thrift_allocator allocator;
};

static void on_signal(uv_signal_t *handle, int number)
{
    struct signals *signals = handle->data;

    signals->fn(number, signals->data);
}

static void on_closed(uv_handle_t *handle)
{
    struct signals *signals = handle->data;

    if (--signals->open == 0) {
        mem_free(&signals->allocator, signals, sizeof *signals);
    }
}

void signals_close(struct signals *signals)
{
    if (signals == NULL) {
        return;
    }
    for (size_t i = 0; i < signals->count; i++) {
        struct watch *watch = &signals->watches[i];
        int number = watch->handle.signum;

        uv_close((uv_handle_t *)&watch->handle, on_closed);
        if (number != 0) {
            (void)sigaction(number, &watch->before, NULL);
        }
    }
}

static int watch(struct signals *signals, struct loop *loop, int number)
{
    struct watch *watch = &signals->watches[signals->count];
    int failed = uv_signal_init(loop->uv, &watch->handle);

    if (failed != 0) {
        return failed;
    }
    watch->handle.data = signals;
    signals->count++;
    signals->open++;
    (void)sigaction(number, NULL, &watch->before);
    return uv_signal_start(&watch->handle, on_signal, number);
}

struct signals *signals_open(struct loop *loop, const int *numbers, size_t count, signals_fn fn,
                             void *data, const thrift_allocator *allocator, thrift_error *err)
{
    struct signals *signals = mem_alloc_zero(allocator, 1, sizeof *signals);
    int failed = 0;

    if (signals == NULL) {
        (void)FAIL_NOMEM(err);
        return NULL;
    }
    signals->fn = fn;
    signals->data = data;
    if (allocator != NULL) {
        signals->allocator = *allocator;
    }
    for (size_t i = 0; i < count && i < SIGNALS_MOST && failed == 0; i++) {
        failed = watch(signals, loop, numbers[i]);
    }
    if (failed == 0) {
        return signals;
    }
    if (signals->open == 0) {
        mem_free(&signals->allocator, signals, sizeof *signals);
    } else {
        signals_close(signals);
    }
    (void)loop_fail(err, failed, "signals cannot be handled");
    return NULL;
}
