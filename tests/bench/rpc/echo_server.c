/*
 * Our server of the benchmarks: the definition is read at start, the handler answers with what it
 * was given.
 *
 *   echo_server DEFINITION ADDRESS [LOOPS [PATIENCE_MS]]
 *
 * ADDRESS as thrift_server_listen() takes it; PATIENCE_MS: for a message's end and for the first
 * byte. Any number of connections may come from one address.
 */
#include <rethrift/rethrift.h>
#include <stdlib.h>

static thrift_status on_echo(thrift_call *call, const thrift_record *args, void *context)
{
    (void)context;
    return thrift_return(call, thrift_get_record(args, "u"));
}

static thrift_status on_blob(thrift_call *call, const thrift_record *args, void *context)
{
    (void)context;
    return thrift_return(call, thrift_get_record(args, "b"));
}

static thrift_status on_ping(thrift_call *call, const thrift_record *args, void *context)
{
    (void)call;
    (void)args;
    (void)context;
    return THRIFT_OK;
}

int main(int argc, char **argv)
{
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_schema *schema = argc > 2 ? thrift_load(argv[1], &err) : NULL;
    thrift_registry *handlers = thrift_registry_new();
    thrift_server_options options = THRIFT_SERVER_OPTIONS_INIT;

    options.loops = argc > 3 ? (uint32_t)atoi(argv[3]) : 1;
    options.limits.struct_size = sizeof options.limits;
    options.limits.max_connections_per_peer = options.limits.max_connections = 100000;
    if (argc > 4) {
        options.limits.frame_timeout_ms = options.limits.first_byte_timeout_ms =
            (uint32_t)atoi(argv[4]);
    }
    thrift_bind(handlers, "Echo.echo", on_echo, NULL);
    thrift_bind(handlers, "Echo.blob", on_blob, NULL);
    thrift_bind(handlers, "Echo.ping", on_ping, NULL);
    if (argc > 2) {
        thrift_serve(schema, handlers, argv[2], &options, &err);
    }
    thrift_error_print(&err, stderr);
    thrift_registry_free(handlers);
    thrift_schema_unref(schema);
    return argc > 2 && err.code == THRIFT_OK ? 0 : 1;
}
