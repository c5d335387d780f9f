/*
 * Loops of clients: a thread of ours, a guest on a program's libuv loop, or a loop that the program
 * runs turn by turn (embedded).
 *
 * An embedded loop needs turns for a client to end. While the program holds it, these are the
 * program's; when the program has let it go, whoever frees the last client runs them.
 */
#include "rpc/client_loop.h"

#include <rethrift/uv.h>
#include <stdatomic.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/reference.h"

enum client_loop_kind { LOOP_THREAD, LOOP_GUEST, LOOP_EMBEDDED };

struct thrift_loop {
    struct reference reference;
    struct loop *loop;
    enum client_loop_kind kind;
    atomic_bool ending;
    bool alone; /* loop thread: nobody waits for its end */
    /* of an embedded one */
    bool in_turn;     /* somebody runs it */
    bool released;    /* by the program */
    uint32_t leaving; /* clients that are freed, but not gone yet */
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

static thrift_loop *new_loop(enum client_loop_kind kind, struct uv_loop_s *guest, thrift_error *err)
{
    thrift_loop *loop = mem_alloc_zero(NULL, 1, sizeof *loop);
    const struct loop_events events = {.woken = on_woken, .ended = on_ended, .data = loop};

    if (loop == NULL) {
        (void)FAIL_NOMEM(err);
        return NULL;
    }
    reference_init(&loop->reference);
    loop->kind = kind;
    loop->loop = kind == LOOP_GUEST ? loop_new_guest(guest, &events, NULL, err)
                                    : loop_new(&events, NULL, err);
    if (loop->loop != NULL && kind == LOOP_THREAD && loop_start(loop->loop, err) != THRIFT_OK) {
        loop_free(loop->loop);
        loop->loop = NULL;
    }
    if (loop->loop == NULL) {
        mem_free(NULL, loop, sizeof *loop);
        return NULL;
    }
    return loop;
}

thrift_loop *thrift_loop_new(thrift_error *err) { return new_loop(LOOP_THREAD, NULL, err); }

thrift_loop *thrift_loop_new_embedded(thrift_error *err)
{
    return new_loop(LOOP_EMBEDDED, NULL, err);
}

thrift_loop *thrift_loop_new_uv(struct uv_loop_s *loop, thrift_error *err)
{
    if (loop == NULL) {
        (void)FAIL(err, THRIFT_E_ARGUMENT, "no loop is given");
        return NULL;
    }
    return new_loop(LOOP_GUEST, loop, err);
}

void client_loop_ref(thrift_loop *loop)
{
    reference_take(&loop->reference);
    if (loop->kind == LOOP_GUEST) {
        loop_keep_running(loop->loop);
    }
}

/* Runs an embedded loop until no client is on its way out. */
static void settle(thrift_loop *loop)
{
    if (loop->in_turn) {
        return; /* who runs it goes on */
    }
    loop->in_turn = true;
    while (loop->leaving > 0) {
        loop_turn(loop->loop, true);
    }
    loop->in_turn = false;
}

void client_loop_leave(thrift_loop *loop)
{
    if (loop->kind != LOOP_EMBEDDED) {
        return;
    }
    loop->leaving++;
    if (loop->released) {
        reference_take(&loop->reference);
        settle(loop);
        client_loop_unref(loop);
    }
}

void client_loop_let_go(thrift_loop *loop)
{
    if (loop->kind == LOOP_GUEST) {
        loop_let_go(loop->loop);
    } else if (loop->kind == LOOP_EMBEDDED) {
        loop->leaving--;
    }
}

struct loop *client_loop_of(const thrift_loop *loop) { return loop->loop; }

bool client_loop_is_here(const thrift_loop *loop)
{
    return loop->kind != LOOP_THREAD || loop_is_own_thread(loop->loop);
}

void client_loop_unref(thrift_loop *loop)
{
    if (loop == NULL || !reference_drop(&loop->reference)) {
        return;
    }
    if (loop->kind == LOOP_GUEST) {
        loop_leave(loop->loop);
        mem_free(NULL, loop, sizeof *loop);
        return;
    }
    if (loop->kind == LOOP_EMBEDDED) { /* never in a turn: who runs it has a reference */
        loop_free(loop->loop);
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

void thrift_loop_free(thrift_loop *loop)
{
    if (loop != NULL && loop->kind == LOOP_EMBEDDED) {
        loop->released = true;
        settle(loop);
    }
    client_loop_unref(loop);
}

/* ---- turn by turn ---- */

int thrift_loop_fd(const thrift_loop *loop)
{
    return loop != NULL && loop->kind == LOOP_EMBEDDED ? loop_fd(loop->loop) : -1;
}

int thrift_loop_timeout_ms(const thrift_loop *loop)
{
    return loop != NULL && loop->kind == LOOP_EMBEDDED ? loop_timeout_ms(loop->loop) : -1;
}

void thrift_loop_process(thrift_loop *loop)
{
    if (loop == NULL || loop->kind != LOOP_EMBEDDED || loop->in_turn) {
        return;
    }
    reference_take(&loop->reference); /* a function may free clients and the loop */
    loop->in_turn = true;
    loop_turn(loop->loop, false);
    loop->in_turn = false;
    if (loop->released) {
        settle(loop);
    }
    client_loop_unref(loop);
}
