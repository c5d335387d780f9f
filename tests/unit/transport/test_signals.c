/*
 * Signals on a loop: delivered there, dispositions put back.
 */
#include "transport/signals.h"

#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <unistd.h>

#include "suite.h"

struct watcher {
    struct loop *loop;
    struct signals *signals;
    atomic_bool ready, stopping;
    atomic_int seen;
};

static void on_signal(int number, void *data)
{
    ck_assert(loop_inside());
    atomic_store(&((struct watcher *)data)->seen, number);
}

static void on_started(void *data)
{
    static const int numbers[] = {SIGUSR1, SIGUSR2};
    struct watcher *watcher = data;

    watcher->signals = signals_open(watcher->loop, numbers, 2, on_signal, watcher, NULL, NULL);
    ck_assert_ptr_nonnull(watcher->signals);
    atomic_store(&watcher->ready, true);
}

static void on_woken(void *data)
{
    struct watcher *watcher = data;

    if (atomic_load(&watcher->stopping)) {
        signals_close(watcher->signals);
        loop_end(watcher->loop);
    }
}

static volatile sig_atomic_t own;
static void on_own(int number) { own = number; }

START_TEST(delivered_and_put_back)
{
    struct sigaction mine = {.sa_handler = on_own}, now;
    struct watcher watcher = {0};
    const struct loop_events events = {on_started, on_woken, NULL, &watcher};

    ck_assert_int_eq(sigaction(SIGUSR2, &mine, NULL), 0);
    watcher.loop = loop_new(&events, NULL, NULL);
    ck_assert_int_eq(loop_start(watcher.loop, NULL), THRIFT_OK);
    while (!atomic_load(&watcher.ready)) {
        (void)poll(NULL, 0, 1);
    }
    ck_assert_int_eq(kill(getpid(), SIGUSR2), 0);
    while (atomic_load(&watcher.seen) != SIGUSR2) {
        (void)poll(NULL, 0, 1);
    }
    ck_assert_int_eq(own, 0);
    atomic_store(&watcher.stopping, true);
    loop_wake(watcher.loop);
    loop_join(watcher.loop);
    loop_free(watcher.loop);
    ck_assert_int_eq(sigaction(SIGUSR2, NULL, &now), 0);
    ck_assert(now.sa_handler == on_own);
}
END_TEST

static void add_tests(TCase *tests) { tcase_add_test(tests, delivered_and_put_back); }

SUITE_MAIN("transport/signals")
