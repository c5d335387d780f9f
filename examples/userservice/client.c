/*
 * userservice-client: the calls of idl/userservice.thrift from the command line.
 *
 *     userservice-client create 1 Ada ada@example.org
 *     userservice-client get 1
 *
 * The definition is read when the program starts, from a file or from the server; nothing here is
 * generated.
 */
#include <errno.h>
#include <getopt.h>
#include <rethrift/rethrift.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* createUser and updateUser take the same. */
static void put(thrift_client *users, const thrift_schema *schema, const char *method, int32_t id,
                const char *name, const char *email, thrift_error *err)
{
    thrift_record *user = thrift_record_new(schema, "User", err);

    thrift_set(user, "id", id, "name", name, "email", email);
    if (thrift_client_do(users, method, THRIFT_ARGS(user), err) == THRIFT_OK) {
        printf("%s: user %d\n", method, id);
    }
    thrift_record_free(user);
}

static void get(thrift_client *users, int32_t id, thrift_error *err)
{
    thrift_outcome *out = thrift_client_call(users, "getUser", THRIFT_ARGS(id), err);
    const thrift_record *user = thrift_outcome_record(out, err);

    if (user != NULL) {
        const char *email = thrift_get_string(user, "email");

        printf("%d %s <%s>\n", thrift_get_i32(user, "id"), thrift_get_string(user, "name"),
               email != NULL ? email : "no e-mail");
    }
    thrift_outcome_free(out);
}

static void delete_user(thrift_client *users, int32_t id, thrift_error *err)
{
    if (thrift_client_do(users, "deleteUser", THRIFT_ARGS(id), err) == THRIFT_OK) {
        printf("deleteUser: user %d\n", id);
    }
}

/* A method that the definition gets later. */
static void count(thrift_client *users, thrift_error *err)
{
    thrift_outcome *out = thrift_client_call(users, "countUsers", THRIFT_NO_ARGS, err);
    int32_t number = thrift_as_i32(thrift_outcome_result(out, err));

    if (thrift_outcome_is(out) == THRIFT_OUTCOME_RESULT) {
        printf("countUsers: %d\n", number);
    }
    thrift_outcome_free(out);
}

/* What a server's other clients notice of a reload: nothing. */
static void repeat(thrift_client *users, int32_t seconds, thrift_error *err)
{
    time_t end = time(NULL) + seconds;
    unsigned long calls = 0, failed = 0;

    for (; time(NULL) < end; calls++) {
        failed += thrift_client_do(users, "getUser", THRIFT_ARGS(1), err) != THRIFT_OK;
    }
    printf("getUser: %lu calls, %lu failed\n", calls, failed);
}

static const char usage[] =
    "usage: userservice-client [--server ADDRESS] [--idl FILE | --served] COMMAND\n"
    "  create ID NAME [EMAIL]\n"
    "  get ID\n"
    "  update ID NAME [EMAIL]\n"
    "  delete ID\n"
    "  count           when the definition has countUsers\n"
    "  repeat SECONDS  calls getUser(1) again and again\n"
    "  --server  where the server listens; default tcp://127.0.0.1:9090\n"
    "  --idl     the definition; default idl/userservice.thrift\n"
    "  --served  the definition is what the server serves\n";

struct command {
    const char *verb, *name, *email;
    int32_t id;
};

/* `id` is of a user, or seconds. false when the words are no command. */
static bool read_command(char **words, int count, struct command *out)
{
    bool puts_user = count >= 3 && count <= 4 &&
                     (strcmp(words[0], "create") == 0 || strcmp(words[0], "update") == 0);
    bool takes_id =
        count == 2 && (strcmp(words[0], "get") == 0 || strcmp(words[0], "delete") == 0 ||
                       strcmp(words[0], "repeat") == 0);
    char *end;
    long id;

    if (count == 1 && strcmp(words[0], "count") == 0) {
        *out = (struct command){words[0], NULL, NULL, 0};
        return true;
    }
    if (!puts_user && !takes_id) {
        return false;
    }
    errno = 0;
    id = strtol(words[1], &end, 10);
    if (errno != 0 || *end != '\0' || end == words[1] || id < INT32_MIN || id > INT32_MAX) {
        fprintf(stderr, "userservice-client: '%s' is not a number\n", words[1]);
        return false;
    }
    *out = (struct command){words[0], puts_user ? words[2] : NULL, count == 4 ? words[3] : NULL,
                            (int32_t)id};
    return true;
}

/* `idl` NULL: what the server serves. */
static void run(const struct command *command, const char *address, const char *idl,
                thrift_error *err)
{
    thrift_schema *schema =
        idl != NULL ? thrift_load(idl, err) : thrift_load_served(address, NULL, err);
    thrift_client *users = thrift_client_open(address, schema, NULL, NULL, err);

    if (strcmp(command->verb, "create") == 0) {
        put(users, schema, "createUser", command->id, command->name, command->email, err);
    } else if (strcmp(command->verb, "update") == 0) {
        put(users, schema, "updateUser", command->id, command->name, command->email, err);
    } else if (strcmp(command->verb, "get") == 0) {
        get(users, command->id, err);
    } else if (strcmp(command->verb, "count") == 0) {
        count(users, err);
    } else if (strcmp(command->verb, "repeat") == 0) {
        repeat(users, command->id, err);
    } else {
        delete_user(users, command->id, err);
    }
    thrift_client_free(users);
    thrift_schema_unref(schema);
}

static const struct option options[] = {
    {"server", required_argument, NULL, 's'},
    {"idl", required_argument, NULL, 'i'},
    {"served", no_argument, NULL, 'r'},
    {"help", no_argument, NULL, 'h'},
    {NULL, 0, NULL, 0},
};

int main(int argc, char **argv)
{
    const char *address = "tcp://127.0.0.1:9090", *idl = "idl/userservice.thrift";
    struct command command;

    for (int c; (c = getopt_long(argc, argv, "+h", options, NULL)) != -1;) {
        switch (c) {
        case 's':
            address = optarg;
            break;
        case 'i':
            idl = optarg;
            break;
        case 'r':
            idl = NULL;
            break;
        default:
            fputs(usage, c == 'h' ? stdout : stderr);
            return c == 'h' ? 0 : 2;
        }
    }
    if (!read_command(argv + optind, argc - optind, &command)) {
        fputs(usage, stderr);
        return 2;
    }
    thrift_error err = THRIFT_ERROR_INIT;

    run(&command, address, idl, &err);
    thrift_error_print(&err, stderr);
    return err.code != THRIFT_OK;
}
