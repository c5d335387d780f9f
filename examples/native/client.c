/*
 * Creates a user, reads and deletes it, with structs and functions only:
 *
 *     native-client tcp://127.0.0.1:9090 idl/userservice.thrift
 */
#include <rethrift/rethrift.h>

#include "users.h"

static thrift_status use(const struct user_service *users, thrift_call *call)
{
    struct user ada = {1, "Ada", NULL}, got;
    thrift_status status = users->createUser(call, &ada);

    if (status == THRIFT_OK && (status = users->getUser(call, 1, &got)) == THRIFT_OK) {
        printf("%d %s <%s>\n", got.id, got.name, got.email != NULL ? got.email : "no e-mail");
    }
    return status == THRIFT_OK ? users->deleteUser(call, 1) : status;
}

int main(int argc, char **argv)
{
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_schema *schema = thrift_load(argc == 3 ? argv[2] : "idl/userservice.thrift", &err);
    thrift_client *client =
        thrift_client_open(argc == 3 ? argv[1] : "tcp://127.0.0.1:9090", schema, NULL, NULL, &err);
    thrift_call *call = thrift_call_new(client, &err);
    struct user_service users;

    if (user_service_open(client, &users, &err) == THRIFT_OK && use(&users, call) != THRIFT_OK) {
        err = *thrift_call_error(call);
    }
    thrift_error_print(&err, stderr);
    thrift_call_free(call);
    thrift_client_free(client);
    thrift_schema_unref(schema);
    return err.code != THRIFT_OK;
}
