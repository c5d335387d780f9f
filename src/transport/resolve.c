/*
 * getaddrinfo() cannot be given a deadline, so a name is looked up by a detached thread that shares
 * a counted query with the one who waits; whoever leaves last frees it.
 */
#include "transport/resolve.h"

#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <time.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/error.h"

struct query {
    pthread_mutex_t lock;
    pthread_cond_t done_or_left;
    int users; /* the waiting one and the thread */
    bool done;
    int failed, sys_errno;
    struct addrinfo *found;
    char host[ADDRESS_HOST_SIZE];
    char port[8];
};

static int look_up(const char *host, const char *port, int flags, struct addrinfo **out)
{
    const struct addrinfo wanted = {.ai_flags = flags, .ai_socktype = SOCK_STREAM};

    return getaddrinfo(host, port, &wanted, out);
}

static void leave(struct query *query)
{
    bool last = --query->users == 0;

    pthread_mutex_unlock(&query->lock);
    if (last) {
        if (query->found != NULL) {
            freeaddrinfo(query->found);
        }
        (void)pthread_cond_destroy(&query->done_or_left);
        (void)pthread_mutex_destroy(&query->lock);
        mem_free(NULL, query, sizeof *query);
    }
}

static void *run_query(void *data)
{
    struct query *query = data;
    struct addrinfo *found = NULL;
    int failed = look_up(query->host, query->port, AI_ADDRCONFIG | AI_NUMERICSERV, &found);
    int saved = errno;

    pthread_mutex_lock(&query->lock);
    query->failed = failed;
    query->sys_errno = saved;
    query->found = found;
    query->done = true;
    pthread_cond_signal(&query->done_or_left);
    leave(query);
    return NULL;
}

static struct query *new_query(const struct address *address, const char *port)
{
    struct query *query = mem_alloc_zero(NULL, 1, sizeof *query);
    pthread_condattr_t monotonic;

    if (query == NULL) {
        return NULL;
    }
    (void)pthread_mutex_init(&query->lock, NULL);
    (void)pthread_condattr_init(&monotonic);
    (void)pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    (void)pthread_cond_init(&query->done_or_left, &monotonic);
    (void)pthread_condattr_destroy(&monotonic);
    query->users = 1;
    memcpy(query->host, address->host, sizeof query->host);
    memcpy(query->port, port, sizeof query->port);
    return query;
}

static int start_thread(struct query *query, pthread_t *out)
{
    int failed;

    query->users = 2;
    failed = pthread_create(out, NULL, run_query, query);
    if (failed != 0) {
        query->users = 1; /* else it is the thread's as well, which may have left already */
    }
    return failed;
}

static thrift_status report(const struct address *address, int failed, int sys_errno,
                            thrift_error *err)
{
    if (failed == EAI_MEMORY) {
        return FAIL_NOMEM(err);
    }
    if (failed == EAI_SYSTEM) {
        return error_set_errno(err, THRIFT_E_CONNECT, sys_errno, "host '%s'", address->host);
    }
    return FAIL(err, THRIFT_E_CONNECT, "host '%s': %s", address->host, gai_strerror(failed));
}

static thrift_status wait_for(struct query *query, pthread_t thread, const struct address *address,
                              uint64_t deadline_ns, struct addrinfo **out, thrift_error *err)
{
    const struct timespec until = {(time_t)(deadline_ns / 1000000000),
                                   (long)(deadline_ns % 1000000000)};
    thrift_status status = THRIFT_OK;
    int waited = 0;
    bool done;

    pthread_mutex_lock(&query->lock);
    while (!query->done && waited == 0) {
        waited = pthread_cond_timedwait(&query->done_or_left, &query->lock, &until);
    }
    if (!query->done) {
        status = FAIL(err, THRIFT_E_DEADLINE, "host '%s' was not resolved in time", address->host);
    } else if (query->failed != 0) {
        status = report(address, query->failed, query->sys_errno, err);
    } else {
        *out = query->found;
        query->found = NULL;
    }
    done = query->done;
    leave(query);
    /* A thread that has its answer ends at once; one that waits for a name server is left alone. */
    (void)(done ? pthread_join(thread, NULL) : pthread_detach(thread));
    return status;
}

thrift_status resolve_host(const struct address *address, uint64_t deadline_ns,
                           struct addrinfo **out, thrift_error *err)
{
    char port[8] = {0};
    struct query *query;
    pthread_t thread;
    int failed;

    (void)snprintf(port, sizeof port, "%u", (unsigned)address->port);
    failed = look_up(address->host, port, AI_NUMERICHOST | AI_NUMERICSERV, out);
    if (failed == 0) {
        return THRIFT_OK;
    }
    if (failed != EAI_NONAME) {
        return report(address, failed, errno, err);
    }
    query = new_query(address, port);
    if (query == NULL) {
        return FAIL_NOMEM(err);
    }
    failed = start_thread(query, &thread);
    if (failed != 0) {
        pthread_mutex_lock(&query->lock);
        leave(query);
        return error_set_errno(err, THRIFT_E_CONNECT, failed, "host '%s' cannot be resolved",
                               address->host);
    }
    return wait_for(query, thread, address, deadline_ns, out, err);
}
