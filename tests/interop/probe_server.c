/*
 * Our server of probe.thrift: probe-server FILE ADDRESS
 */
#include <rethrift/rethrift.h>
#include <string.h>

static int notes;

static thrift_status on_echo(thrift_call *call, const thrift_record *args, void *context)
{
    const char *method = thrift_call_header(call, "method");

    (void)context;
    if (method != NULL) {
        thrift_call_set_header(call, "Method-Back", method);
    }
    return thrift_return(call, thrift_get(args, "text"));
}

static thrift_status on_notes(thrift_call *call, const thrift_record *args, void *context)
{
    (void)args, (void)context;
    return thrift_return(call, notes);
}

static thrift_status on_mirror(thrift_call *call, const thrift_record *args, void *context)
{
    (void)context;
    return thrift_return(call, thrift_get_record(args, "item"));
}

static thrift_status on_find(thrift_call *call, const thrift_record *args, void *context)
{
    const char *key = thrift_get_string(args, "key");

    (void)context;
    if (strcmp(key, "refused") == 0) {
        return thrift_throw(call, "Refused", "code", 7, "why", "because");
    }
    if (strcmp(key, "missing") == 0) {
        return thrift_throw(call, "Missing", "key", key);
    }
    return thrift_set(thrift_call_result(call), "id", 1, "text", key);
}

static thrift_status on_note(thrift_call *call, const thrift_record *args, void *context)
{
    (void)call, (void)args, (void)context;
    notes++;
    return THRIFT_OK;
}

static thrift_status on_nothing(thrift_call *call, const thrift_record *args, void *context)
{
    (void)call, (void)args, (void)context;
    return THRIFT_OK;
}

static thrift_status on_add(thrift_call *call, const thrift_record *args, void *context)
{
    uint64_t a = (uint64_t)thrift_get_i64(args, "a"), b = (uint64_t)thrift_get_i64(args, "b");

    (void)context;
    return thrift_return(call, (int64_t)(a + b));
}

static thrift_status on_many(thrift_call *call, const thrift_record *args, void *context)
{
    thrift_list *items = thrift_call_result_list(call);
    int32_t count = thrift_get_i32(args, "count");

    (void)context;
    for (int32_t i = 0; i < count; i++) {
        thrift_set(thrift_list_add_record(items), "id", i, "text", "one of many");
    }
    return THRIFT_OK;
}

static thrift_status on_fail(thrift_call *call, const thrift_record *args, void *context)
{
    (void)context;
    return thrift_fail(call, "%s", thrift_get_string(args, "text"));
}

static void print_log(int level, const char *line, void *data)
{
    (void)data;
    fprintf(stderr, "%d %s\n", level, line);
}

int main(int argc, char **argv)
{
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_schema *schema = thrift_load(argc > 1 ? argv[1] : "probe.thrift", &err);
    thrift_registry *handlers = thrift_registry_new();

    thrift_bind(handlers, "Base.echo", on_echo, NULL);
    thrift_bind(handlers, "Base.notes", on_notes, NULL);
    thrift_bind(handlers, "Probe.mirror", on_mirror, NULL);
    thrift_bind(handlers, "Probe.find", on_find, NULL);
    thrift_bind(handlers, "Probe.note", on_note, NULL);
    thrift_bind(handlers, "Probe.nothing", on_nothing, NULL);
    thrift_bind(handlers, "Probe.add", on_add, NULL);
    thrift_bind(handlers, "Probe.many", on_many, NULL);
    thrift_bind(handlers, "Probe.fail", on_fail, NULL);

    thrift_server *server =
        thrift_server_new(schema, handlers, THRIFT_SERVER_OPTIONS(.log = print_log), &err);

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
