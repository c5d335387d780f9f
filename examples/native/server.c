/*
 * The users of idl/userservice.thrift out of an SQLite file, with structs and functions only:
 *
 *     native-server tcp://127.0.0.1:9090 idl/userservice.thrift users.db
 */
#include <rethrift/rethrift.h>

#include "../userservice/store.h"
#include "users.h"

static thrift_status answer(thrift_call *call, enum store_result result, int32_t id)
{
    return result == STORE_OK        ? THRIFT_OK
           : result == STORE_MISSING ? thrift_fail(call, "no user %d", id)
           : result == STORE_EXISTS  ? thrift_fail(call, "user %d exists", id)
                                     : thrift_fail(call, "the store failed");
}

static thrift_status get_user(thrift_call *call, int32_t id, struct user *out)
{
    struct row r = {0, NULL, NULL};
    enum store_result result = store_get(thrift_call_context(call), id, &r);

    *out = (struct user){id, thrift_call_strdup(call, r.name), thrift_call_strdup(call, r.email)};
    return answer(call, result, id);
}

static thrift_status create_user(thrift_call *call, const struct user *u)
{
    return answer(call, store_insert(thrift_call_context(call), u->id, u->name, u->email), u->id);
}

static thrift_status update_user(thrift_call *call, const struct user *u)
{
    return answer(call, store_update(thrift_call_context(call), u->id, u->name, u->email), u->id);
}

static thrift_status delete_user(thrift_call *call, int32_t id)
{
    return answer(call, store_delete(thrift_call_context(call), id), id);
}

static void print_address(thrift_server *server, void *data)
{
    fprintf(data, "listening on %s\n", thrift_server_address(server, 0));
}

int main(int argc, char **argv)
{
    thrift_error err = THRIFT_ERROR_INIT;
    struct store *store = store_open(argc == 4 ? argv[3] : "users.db");
    thrift_schema *schema = thrift_load(argc == 4 ? argv[2] : "idl/userservice.thrift", &err);
    thrift_registry *handlers = thrift_registry_new();

    user_service_bind(
        handlers, &(struct user_service){get_user, create_user, update_user, delete_user}, store);
    thrift_serve(schema, handlers, argc == 4 ? argv[1] : "tcp://127.0.0.1:9090",
                 THRIFT_SERVER_OPTIONS(.watch = true, .started = print_address, .data = stderr),
                 &err);
    thrift_error_print(&err, stderr);
    thrift_registry_free(handlers);
    thrift_schema_unref(schema);
    store_close(store);
    return err.code != THRIFT_OK;
}
