/*
 * Our client of the benchmarks, framed binary, one blocking call after the other.
 *
 *   echo_client DEFINITION PORT SECONDS
 */
#include "calling.h"
#include <rethrift/rethrift.h>
#include <stdlib.h>

struct caller {
    thrift_client *client;
    thrift_record *user;
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

int main(int argc, char **argv)
{
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_schema *schema = argc > 3 ? thrift_load(argv[1], &err) : NULL;
    struct caller caller = {NULL, thrift_record_new(schema, "User", &err)};
    char url[64];
    int status = 1;

    snprintf(url, sizeof url, "tcp://127.0.0.1:%s?transport=framed", argc > 3 ? argv[2] : "");
    caller.client = thrift_client_open(url, schema, NULL, NULL, &err);
    if (caller.client != NULL) {
        thrift_set(caller.user, "id", 123456, "name", "Ada Lovelace", "email",
                   "ada.lovelace@example.org");
        status = call_for(atof(argv[3]), call, &caller);
    }
    thrift_error_print(&err, stderr);
    thrift_client_free(caller.client);
    thrift_record_free(caller.user);
    thrift_schema_unref(schema);
    return status;
}
