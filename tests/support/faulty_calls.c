/*
 * The linker gives us the library's calls (--wrap), and the real ones under another name.
 */
#define _GNU_SOURCE /* accept4 */
#include "faulty_calls.h"

#include <errno.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <sys/socket.h>

static struct plan {
    atomic_uint every, most, calls, faults;
    atomic_int error;
} plans[FAULTY_CALLS];

void faulty_call_plan(enum faulty_call call, unsigned every, unsigned most, int error)
{
    struct plan *plan = &plans[call];

    atomic_store(&plan->every, 0);
    atomic_store(&plan->calls, 0);
    atomic_store(&plan->faults, 0);
    atomic_store(&plan->most, most);
    atomic_store(&plan->error, error);
    atomic_store(&plan->every, every);
}

void faulty_calls_stop(void)
{
    for (int i = 0; i < FAULTY_CALLS; i++) {
        atomic_store(&plans[i].every, 0);
    }
}

unsigned faulty_call_count(enum faulty_call call) { return atomic_load(&plans[call].calls); }

unsigned faulty_call_faults(enum faulty_call call) { return atomic_load(&plans[call].faults); }

/* Is it this call's turn? */
static bool is_due(enum faulty_call call)
{
    struct plan *plan = &plans[call];
    unsigned number = atomic_fetch_add(&plan->calls, 1) + 1, every = atomic_load(&plan->every);

    if (every == 0 || number % every != 0 ||
        atomic_load(&plan->faults) >= atomic_load(&plan->most)) {
        return false;
    }
    atomic_fetch_add(&plan->faults, 1);
    return true;
}

/* false, with errno: the call fails. */
static bool may_go_on(enum faulty_call call, size_t *size)
{
    if (is_due(call)) {
        int error = atomic_load(&plans[call].error);

        if (error != FAULTY_ONE_BYTE) {
            errno = error;
            return false;
        }
        *size = *size > 1 ? 1 : *size;
    }
    return true;
}

/* The names that the linker gives begin with two underscores. */
#if defined(__clang__)
#pragma clang diagnostic ignored "-Wreserved-identifier"
#endif

ssize_t __real_recv(int fd, void *into, size_t size, int flags);
ssize_t __wrap_recv(int fd, void *into, size_t size, int flags);
ssize_t __real_send(int fd, const void *bytes, size_t size, int flags);
ssize_t __wrap_send(int fd, const void *bytes, size_t size, int flags);
int __real_accept4(int fd, struct sockaddr *from, socklen_t *size, int flags);
int __wrap_accept4(int fd, struct sockaddr *from, socklen_t *size, int flags);
int __real_poll(struct pollfd *wanted, nfds_t count, int timeout_ms);
int __wrap_poll(struct pollfd *wanted, nfds_t count, int timeout_ms);

ssize_t __wrap_recv(int fd, void *into, size_t size, int flags)
{
    return may_go_on(FAULTY_RECV, &size) ? __real_recv(fd, into, size, flags) : -1;
}

ssize_t __wrap_send(int fd, const void *bytes, size_t size, int flags)
{
    return may_go_on(FAULTY_SEND, &size) ? __real_send(fd, bytes, size, flags) : -1;
}

int __wrap_accept4(int fd, struct sockaddr *from, socklen_t *size, int flags)
{
    size_t unused = 0;

    return may_go_on(FAULTY_ACCEPT, &unused) ? __real_accept4(fd, from, size, flags) : -1;
}

int __wrap_poll(struct pollfd *wanted, nfds_t count, int timeout_ms)
{
    size_t unused = 0;

    return may_go_on(FAULTY_POLL, &unused) ? __real_poll(wanted, count, timeout_ms) : -1;
}
