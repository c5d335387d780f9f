/*
 * Calls any method of any definition; arguments and result are JSON.
 *
 *     json-caller DEFINITION ADDRESS SERVICE.METHOD ARGUMENTS
 */
#include <jansson.h>
#include <rethrift/json.h>
#include <string.h>

int main(int argc, char **argv)
{
    thrift_error err = THRIFT_ERROR_INIT;
    json_error_t where;
    thrift_schema *schema;
    thrift_client *client;
    thrift_outcome *outcome;
    json_t *args, *result;
    char *method;

    method = argc == 5 ? strchr(argv[3], '.') : NULL;
    if (method == NULL) {
        fprintf(stderr, "usage: json-caller DEFINITION ADDRESS SERVICE.METHOD ARGUMENTS\n");
        return 2;
    }
    *method++ = '\0';
    args = json_loads(argv[4], 0, &where);
    schema = thrift_load(argv[1], &err);
    client = thrift_client_open(argv[2], schema, argv[3], NULL, &err);
    outcome = thrift_client_call_json(client, method, args, &err);
    result = thrift_outcome_json(outcome, &err);
    if (result != NULL) {
        (void)json_dumpf(result, stdout, JSON_COMPACT | JSON_ENCODE_ANY);
        putchar('\n');
    }
    thrift_error_print(&err, stderr);
    json_decref(result);
    json_decref(args);
    thrift_outcome_free(outcome);
    thrift_client_free(client);
    thrift_schema_unref(schema);
    return err.code != THRIFT_OK;
}
