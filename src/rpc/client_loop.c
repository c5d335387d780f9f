/*
 * Loops of clients: a thread of ours, or a guest on a program's loop.
 */
#include "rpc/client_loop.h"

#include <rethrift/uv.h>
#include <stdatomic.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/reference.h"

struct thrift_loop {
    struct reference reference;
    struct loop *loop;
    bool guest;
    atomic_bool ending;
    bool alone; /* loop thread: nobody waits for its end */
};

static void on_woken(void *data)
{
    thrift_loop *loop = data;

    if (atomic_load(&loop->ending)) {
        loop_end(loop->loop);
    }
}

static void on_ended(void *data)
{
    thrift_loop *loop = data;

    if (loop->alone) {
        loop_free(loop->loop);
        mem_free(NULL, loop, sizeof *loop);
    }
}

static thrift_loop *new_loop(struct uv_loop_s *guest, thrift_error *err)
{
    thrift_loop *loop = mem_alloc_zero(NULL, 1, sizeof *loop);
    const struct loop_events events = {.woken = on_woken, .ended = on_ended, .data = loop};

    if (loop == NULL) {
        (void)FAIL_NOMEM(err);
        return NULL;
    }
    reference_init(&loop->reference);
    loop->guest = guest != NULL;
    loop->loop =
        guest != NULL ? loop_new_guest(guest, &events, NULL, err) : loop_new(&events, NULL, err);
    if (loop->loop != NULL && !loop->guest && loop_start(loop->loop, err) != THRIFT_OK) {
        loop_free(loop->loop);
        loop->loop = NULL;
    }
    if (loop->loop == NULL) {
        mem_free(NULL, loop, sizeof *loop);
        return NULL;
    }
    return loop;
}

thrift_loop *thrift_loop_new(thrift_error *err) { return new_loop(NULL, err); }

thrift_loop *thrift_loop_new_uv(struct uv_loop_s *loop, thrift_error *err)
{
    if (loop == NULL) {
        (void)FAIL(err, THRIFT_E_ARGUMENT, "no loop is given");
        return NULL;
    }
    return new_loop(loop, err);
}

void client_loop_ref(thrift_loop *loop)
{
    reference_take(&loop->reference);
    if (loop->guest) {
        loop_keep_running(loop->loop);
    }
}

void client_loop_let_go(thrift_loop *loop)
{
    if (loop->guest) {
        loop_let_go(loop->loop);
    }
}

struct loop *client_loop_of(const thrift_loop *loop) { return loop->loop; }

bool client_loop_is_here(const thrift_loop *loop)
{
    return loop->guest || loop_is_own_thread(loop->loop);
}

void client_loop_unref(thrift_loop *loop)
{
    if (loop == NULL || !reference_drop(&loop->reference)) {
        return;
    }
    if (loop->guest) {
        loop_leave(loop->loop);
        mem_free(NULL, loop, sizeof *loop);
        return;
    }
    if (loop_is_own_thread(loop->loop)) {
        loop->alone = true;
        loop_detach(loop->loop);
        loop_end(loop->loop);
        return;
    }
    atomic_store(&loop->ending, true);
    loop_wake(loop->loop);
    loop_join(loop->loop);
    loop_free(loop->loop);
    mem_free(NULL, loop, sizeof *loop);
}

void thrift_loop_free(thrift_loop *loop) { client_loop_unref(loop); }
