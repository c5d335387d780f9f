/*
 * A blocking connect with a deadline, elsewhere.
 */
#include "transport/connector.h"

#include "base/alloc.h"
#include "base/error.h"
#include "transport/loop_private.h"
#include "transport/socket.h"

struct connector {
    uv_work_t work;
    struct address address;
    uint64_t deadline_ns;
    connected_fn connected;
    void *data;
    thrift_allocator allocator;
    int fd;
    thrift_error err;
};

static void run(uv_work_t *work)
{
    struct connector *connector = work->data;

    if (socket_connect(&connector->address, connector->deadline_ns, &connector->fd,
                       &connector->err) != THRIFT_OK) {
        connector->fd = -1;
    }
}

static void after(uv_work_t *work, int status)
{
    struct connector *connector = work->data;
    thrift_allocator allocator = connector->allocator;

    (void)status; /* nobody cancels it */
    connector->connected(connector->data, connector->fd, &connector->err);
    mem_free(&allocator, connector, sizeof *connector);
}

thrift_status connector_start(struct loop *loop, const struct address *address,
                              uint64_t deadline_ns, connected_fn connected, void *data,
                              const thrift_allocator *allocator, thrift_error *err)
{
    struct connector *connector = mem_alloc_zero(allocator, 1, sizeof *connector);
    int failed;

    if (connector == NULL) {
        return FAIL_NOMEM(err);
    }
    connector->work.data = connector;
    connector->address = *address;
    connector->deadline_ns = deadline_ns;
    connector->connected = connected;
    connector->data = data;
    connector->allocator = *allocator;
    connector->fd = -1;
    failed = uv_queue_work(loop->uv, &connector->work, run, after);
    if (failed != 0) {
        mem_free(allocator, connector, sizeof *connector);
        return loop_fail(err, failed, "a connection cannot be begun");
    }
    return THRIFT_OK;
}
