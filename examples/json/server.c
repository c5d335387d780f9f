/*
 * The users of idl/userservice.thrift for people who think in Jansson: an object of users, by id.
 *
 *     json-server tcp://127.0.0.1:9090 idl/userservice.thrift users.json
 *     curl -H 'Content-Type: application/x-thrift' --data-binary \
 *         '[1,"getUser",1,1,{"1":{"i32":1}}]' http://127.0.0.1:9090/
 */
#include <jansson.h>
#include <rethrift/json.h>
#include <rethrift/rethrift.h>

#define KEY_SIZE 24

static const char *key_of(const json_t *object, const char *name, char key[KEY_SIZE])
{
    (void)snprintf(key, KEY_SIZE, "%" JSON_INTEGER_FORMAT,
                   json_integer_value(json_object_get(object, name)));
    return key;
}

static json_t *get_user(thrift_call *call, json_t *args, void *users)
{
    char key[KEY_SIZE];
    json_t *user = json_object_get(users, key_of(args, "id", key));

    if (user == NULL) {
        thrift_fail(call, "no user %s", key);
    }
    return json_incref(user);
}

static json_t *create_user(thrift_call *call, json_t *args, void *users)
{
    char key[KEY_SIZE];
    json_t *user = json_object_get(args, "user");

    if (json_object_get(users, key_of(user, "id", key)) != NULL) {
        thrift_fail(call, "user %s exists", key);
        return NULL;
    }
    json_object_set(users, key, user);
    return json_null();
}

static json_t *delete_user(thrift_call *call, json_t *args, void *users)
{
    char key[KEY_SIZE];

    if (json_object_del(users, key_of(args, "id", key)) != 0) {
        thrift_fail(call, "no user %s", key);
        return NULL;
    }
    return json_null();
}

static void print_address(thrift_server *server, void *data)
{
    fprintf(data, "listening on %s\n", thrift_server_address(server, 0));
}

int main(int argc, char **argv)
{
    if (argc != 4) {
        fprintf(stderr, "usage: %s ADDRESS IDL USERS.json\n", argv[0]);
        return 2;
    }
    thrift_error err = THRIFT_ERROR_INIT;
    json_t *users = json_load_file(argv[3], 0, NULL);
    thrift_schema *schema = thrift_load(argv[2], &err);
    thrift_registry *handlers = thrift_registry_new();

    if (users == NULL) {
        users = json_object();
    }
    thrift_bind_json(handlers, "UserService.getUser", get_user, users);
    thrift_bind_json(handlers, "UserService.createUser", create_user, users);
    thrift_bind_json(handlers, "UserService.deleteUser", delete_user, users);
    thrift_serve(schema, handlers, argv[1],
                 THRIFT_SERVER_OPTIONS(.started = print_address, .data = stderr), &err);
    thrift_error_print(&err, stderr);
    thrift_registry_free(handlers);
    thrift_schema_unref(schema);
    json_decref(users);
    return err.code != THRIFT_OK;
}
