/*
 * A server of hostile.thrift: hostile-server FILE ADDRESS
 *
 * Echoes what decodes. Its limits in time are short, so that a test need not wait.
 */
#include <rethrift/rethrift.h>

static thrift_status on_echo(thrift_call *call, const thrift_record *args, void *context)
{
    (void)context;
    return thrift_return(call, thrift_get_record(args, "a"));
}

static thrift_status on_fire(thrift_call *call, const thrift_record *args, void *context)
{
    (void)call, (void)args, (void)context;
    return THRIFT_OK;
}

static void print_log(int level, const char *line, void *data)
{
    (void)data;
    fprintf(stderr, "%d %s\n", level, line);
}

int main(int argc, char **argv)
{
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_schema *schema = thrift_load(argc > 1 ? argv[1] : "hostile.thrift", &err);
    thrift_registry *handlers = thrift_registry_new();

    thrift_bind(handlers, "T.echo", on_echo, NULL);
    thrift_bind(handlers, "T.fire", on_fire, NULL);

    thrift_server *server = thrift_server_new(
        schema, handlers, THRIFT_SERVER_OPTIONS(.log = print_log, .limits.frame_timeout_ms = 1000),
        &err);

    if (thrift_server_listen(server, argc > 2 ? argv[2] : "tcp://127.0.0.1:0", &err) == THRIFT_OK) {
        printf("listening on %s\n", thrift_server_address(server, 0));
        fflush(stdout);
    }
    thrift_server_run(server, &err);
    thrift_error_print(&err, stderr);
    thrift_server_free(server);
    thrift_registry_free(handlers);
    thrift_schema_unref(schema);
    return err.code != THRIFT_OK;
}
