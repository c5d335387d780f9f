/*
 * userservice-server: the users of idl/userservice.thrift, out of an SQLite file.
 *
 *     userservice-server --listen tcp://127.0.0.1:9090 --idl idl/userservice.thrift --db users.db
 *
 * Each handler takes its arguments by name, asks the store, and returns its answer. SIGTERM and
 * SIGINT end the server when the calls that it has read are answered.
 */
#include <getopt.h>
#include <rethrift/rethrift.h>

#include "store.h"

/* What the store said, as the answer of a call. */
static thrift_status answer(thrift_call *call, struct store *store, enum store_result result,
                            int32_t id)
{
    switch (result) {
    case STORE_OK:
        return THRIFT_OK;
    case STORE_MISSING:
        return thrift_fail(call, "no user %d", id);
    case STORE_EXISTS:
        return thrift_fail(call, "user %d exists", id);
    case STORE_FAILED:
        break;
    }
    fprintf(stderr, "store: %s\n", store_error(store));
    return thrift_fail(call, "the store failed");
}

static thrift_status on_get(thrift_call *call, const thrift_record *args, void *store)
{
    int32_t id = thrift_get_i32(args, "id");
    struct row row;
    enum store_result result = store_get(store, id, &row);

    if (result != STORE_OK) {
        return answer(call, store, result, id);
    }
    return thrift_set(thrift_call_result(call), "id", row.id, "name", row.name, "email", row.email);
}

static thrift_status on_create(thrift_call *call, const thrift_record *args, void *store)
{
    const thrift_record *user = thrift_get_record(args, "user");
    int32_t id = thrift_get_i32(user, "id");

    if (!thrift_has(args, "user")) {
        return thrift_fail(call, "a user is needed");
    }
    return answer(
        call, store,
        store_insert(store, id, thrift_get_string(user, "name"), thrift_get_string(user, "email")),
        id);
}

static thrift_status on_update(thrift_call *call, const thrift_record *args, void *store)
{
    const thrift_record *user = thrift_get_record(args, "user");
    int32_t id = thrift_get_i32(user, "id");

    if (!thrift_has(args, "user")) {
        return thrift_fail(call, "a user is needed");
    }
    return answer(
        call, store,
        store_update(store, id, thrift_get_string(user, "name"), thrift_get_string(user, "email")),
        id);
}

static thrift_status on_delete(thrift_call *call, const thrift_record *args, void *store)
{
    int32_t id = thrift_get_i32(args, "id");

    return answer(call, store, store_delete(store, id), id);
}

/* For a method that the definition gets later: `i32 countUsers()`. */
static thrift_status on_count(thrift_call *call, const thrift_record *args, void *store)
{
    int32_t count;
    enum store_result result = store_count(store, &count);

    (void)args;
    return result == STORE_OK ? thrift_return(call, count) : answer(call, store, result, 0);
}

static void print_log(int level, const char *line, void *data)
{
    (void)level, (void)data;
    fprintf(stderr, "%s\n", line);
}

static void print_address(thrift_server *server, void *data)
{
    (void)data;
    printf("listening on %s\n", thrift_server_address(server, 0));
    fflush(stdout);
}

static thrift_status serve(const char *idl, const char *address, bool watch, struct store *store,
                           thrift_error *err)
{
    thrift_schema *schema = thrift_load(idl, err);
    thrift_registry *handlers = thrift_registry_new();

    thrift_bind(handlers, "UserService.getUser", on_get, store);
    thrift_bind(handlers, "UserService.createUser", on_create, store);
    thrift_bind(handlers, "UserService.updateUser", on_update, store);
    thrift_bind(handlers, "UserService.deleteUser", on_delete, store);
    thrift_bind(handlers, "UserService.countUsers", on_count, store);

    thrift_server *server = thrift_server_new(
        schema, handlers,
        THRIFT_SERVER_OPTIONS(.early_handlers = true, .watch = watch, .reflection = true,
                              .log = print_log, .started = print_address),
        err);

    thrift_server_listen(server, address, err);
    thrift_status status = thrift_server_run(server, err);

    thrift_server_free(server);
    thrift_registry_free(handlers);
    thrift_schema_unref(schema);
    return status;
}

static const struct option options[] = {
    {"listen", required_argument, NULL, 'l'}, {"idl", required_argument, NULL, 'i'},
    {"db", required_argument, NULL, 'd'},     {"watch", no_argument, NULL, 'w'},
    {"help", no_argument, NULL, 'h'},         {NULL, 0, NULL, 0},
};

static const char usage[] =
    "usage: userservice-server [--listen ADDRESS] [--idl FILE] [--db FILE] [--watch]\n"
    "  --listen  where to serve; default tcp://127.0.0.1:9090, port 0 takes a free one\n"
    "  --idl     the definition; default idl/userservice.thrift\n"
    "  --db      the users, created when it does not exist; default users.db\n"
    "  --watch   follow the definition: a changed one is served when it breaks nobody\n";

int main(int argc, char **argv)
{
    const char *address = "tcp://127.0.0.1:9090", *idl = "idl/userservice.thrift";
    const char *path = "users.db";
    bool watch = false;

    for (int c; (c = getopt_long(argc, argv, "h", options, NULL)) != -1;) {
        switch (c) {
        case 'l':
            address = optarg;
            break;
        case 'i':
            idl = optarg;
            break;
        case 'd':
            path = optarg;
            break;
        case 'w':
            watch = true;
            break;
        default:
            fputs(usage, c == 'h' ? stdout : stderr);
            return c == 'h' ? 0 : 2;
        }
    }
    if (optind < argc) {
        fprintf(stderr, "userservice-server: %s is not an option\n%s", argv[optind], usage);
        return 2;
    }
    struct store *store = store_open(path);

    if (store == NULL) {
        fprintf(stderr, "userservice-server: %s: %s\n", path, store_error(NULL));
        return 1;
    }
    thrift_error err = THRIFT_ERROR_INIT;

    serve(idl, address, watch, store, &err);
    thrift_error_print(&err, stderr);
    store_close(store);
    return err.code != THRIFT_OK;
}
