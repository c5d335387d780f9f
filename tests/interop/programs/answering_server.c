/*
 * A server of any definition: each method answers with what a JSON file has under its name, with
 * the items of an array one after the other, and each call is printed as a line of JSON.
 *
 *     answering-server DEFINITION ADDRESS ANSWERS.json
 */
#include <jansson.h>
#include <rethrift/json.h>
#include <rethrift/server.h>

/* The next one; the last one stays. One loop, so that nobody else is here. */
static json_t *next_answer(json_t *answers)
{
    json_t *first = json_is_array(answers) ? json_array_get(answers, 0) : answers;

    json_incref(first);
    if (json_array_size(answers) > 1) {
        (void)json_array_remove(answers, 0);
    }
    return first;
}

static json_t *on_call(thrift_call *call, json_t *args, void *answers)
{
    json_t *line = json_pack("{s:s, s:O}", "method", thrift_call_name(call), "args", args);

    (void)json_dumpf(line, stdout, JSON_COMPACT);
    putchar('\n');
    fflush(stdout);
    json_decref(line);
    return next_answer(answers);
}

static void print_log(int level, const char *line, void *data)
{
    (void)data;
    fprintf(stderr, "%d %s\n", level, line);
}

static int serve(thrift_schema *schema, json_t *answers, const char *address)
{
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_registry *handlers = thrift_registry_new();
    const char *name;
    json_t *answer;
    thrift_server *server;

    json_object_foreach(answers, name, answer)
    {
        (void)thrift_bind_json(handlers, name, on_call, answer);
    }
    server = thrift_server_new(schema, handlers,
                               THRIFT_SERVER_OPTIONS(.loops = 1, .log = print_log), &err);
    if (thrift_server_listen(server, address, &err) == THRIFT_OK) {
        printf("%s\n", thrift_server_address(server, 0));
        fflush(stdout);
        (void)thrift_server_run(server, &err);
    }
    thrift_error_print(&err, stderr);
    thrift_server_free(server);
    thrift_registry_free(handlers);
    return err.code != THRIFT_OK;
}

int main(int argc, char **argv)
{
    thrift_error err = THRIFT_ERROR_INIT;
    json_error_t where;
    thrift_schema *schema = argc == 4 ? thrift_load(argv[1], &err) : NULL;
    json_t *answers = argc == 4 ? json_load_file(argv[3], 0, &where) : NULL;
    int status = 1;

    thrift_error_print(&err, stderr);
    if (schema != NULL && answers != NULL) {
        status = serve(schema, answers, argv[2]);
    } else {
        fprintf(stderr, "usage: answering-server DEFINITION ADDRESS ANSWERS.json\n");
    }
    json_decref(answers);
    thrift_schema_unref(schema);
    return status;
}
