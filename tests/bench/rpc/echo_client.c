/*
 * Our client of the benchmarks, framed binary: one blocking call after the other, or so many at
 * once.
 *
 *   echo_client DEFINITION PORT SECONDS [DEPTH]
 */
#include "calling.h"
#include <rethrift/rethrift.h>
#include <stdlib.h>

#define DEPTH_MOST 64

struct caller {
    thrift_client *client;
    thrift_record *user;
    int depth;
};

static int call(void *context)
{
    struct caller *caller = context;
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_outcome *out =
        thrift_client_call(caller->client, "echo", THRIFT_ARGS(caller->user), &err);
    int right = thrift_get_i32(thrift_outcome_record(out, &err), "id") == 123456;

    thrift_error_print(&err, stderr);
    thrift_outcome_free(out);
    return right;
}

/* As many as `depth` on their way at once; counts as one. */
static int call_at_once(void *context)
{
    struct caller *caller = context;
    thrift_pending *pending[DEPTH_MOST];
    thrift_error err = THRIFT_ERROR_INIT;
    int right = 1;

    for (int i = 0; i < caller->depth; i++) {
        pending[i] = thrift_client_begin(caller->client, "echo", THRIFT_ARGS(caller->user), &err);
    }
    for (int i = 0; i < caller->depth; i++) {
        thrift_outcome *out = thrift_pending_finish(pending[i], &err);

        right &= thrift_get_i32(thrift_outcome_record(out, &err), "id") == 123456;
        thrift_outcome_free(out);
    }
    thrift_error_print(&err, stderr);
    return right;
}

int main(int argc, char **argv)
{
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_schema *schema = argc > 3 ? thrift_load(argv[1], &err) : NULL;
    struct caller caller = {NULL, thrift_record_new(schema, "User", &err),
                            argc > 4 ? atoi(argv[4]) : 1};
    char url[64];
    int status = 1;

    snprintf(url, sizeof url, "tcp://127.0.0.1:%s?transport=framed", argc > 3 ? argv[2] : "");
    caller.client = thrift_client_open(url, schema, NULL, NULL, &err);
    if (caller.client != NULL && caller.depth > 0 && caller.depth <= DEPTH_MOST) {
        thrift_set(caller.user, "id", 123456, "name", "Ada Lovelace", "email",
                   "ada.lovelace@example.org");
        status =
            call_for(atof(argv[3]), caller.depth > 1 ? call_at_once : call, caller.depth, &caller);
    }
    thrift_error_print(&err, stderr);
    thrift_client_free(caller.client);
    thrift_record_free(caller.user);
    thrift_schema_unref(schema);
    return status;
}
