/*
 * Our client of probe.thrift: probe-client FILE ADDRESS [--no-application-errors]
 *
 * Makes every call and checks every answer; status 0 when all were right. The option is for peers
 * that close the connection when a handler fails (ThriftPy).
 */
#include <rethrift/rethrift.h>
#include <stdlib.h>
#include <string.h>

#define BIG_SIZE ((size_t)1 << 20)

static int wrong;

#define EXPECT(condition)                                                                          \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition);                \
            thrift_error_print(&err, stderr);                                                      \
            wrong++;                                                                               \
        }                                                                                          \
    } while (0)

static void check_echo(thrift_client *client, const char *text)
{
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_outcome *out = thrift_client_call(client, "echo", THRIFT_ARGS(text), &err);
    const char *back = thrift_as_string(thrift_outcome_result(out, &err));

    EXPECT(back != NULL && strcmp(back, text) == 0);
    thrift_outcome_free(out);
}

static void check_big_echo(thrift_client *client)
{
    char *text = malloc(BIG_SIZE + 1);

    if (text == NULL) {
        wrong++;
        return;
    }
    for (size_t i = 0; i < BIG_SIZE; i++) {
        text[i] = (char)('a' + i % 26);
    }
    text[BIG_SIZE] = '\0';
    check_echo(client, text);
    free(text);
}

static void check_mirror(thrift_client *client, thrift_schema *schema)
{
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_record *item = thrift_record_new(schema, "Item", &err);

    thrift_set(item, "id", -7, "text", "gr\xc3\xbc\xc3\x9f", "weight", 2.5, "flag", true, "colour",
               "GREEN");
    thrift_set(item, "blob", "bytes", "small", INT16_MIN, "big", INT64_MAX, "tiny", -128);
    for (int i = 0; i < 1000; i++) {
        thrift_list_add(thrift_open_list(item, "numbers"), i * 1000003);
    }
    thrift_map_put(thrift_open_map(item, "counts"), "one", 1);
    thrift_map_put(thrift_open_map(item, "counts"), "billions", INT64_C(7000000000));
    thrift_list_add(thrift_open_list(item, "tags"), "only");

    thrift_outcome *out = thrift_client_call(client, "mirror", THRIFT_ARGS(item), &err);
    const thrift_record *back = thrift_outcome_record(out, &err);

    EXPECT(back != NULL);
    EXPECT(thrift_get_i32(back, "id") == -7);
    EXPECT(strcmp(thrift_get_string(back, "text"), "gr\xc3\xbc\xc3\x9f") == 0);
    EXPECT(thrift_get_double(back, "weight") > 2.4 && thrift_get_double(back, "weight") < 2.6);
    EXPECT(thrift_get_bool(back, "flag"));
    EXPECT(thrift_get_i32(back, "colour") == 2);
    EXPECT(thrift_get_bytes(back, "blob").size == 5);
    EXPECT(thrift_get_i16(back, "small") == INT16_MIN);
    EXPECT(thrift_get_i64(back, "big") == INT64_MAX);
    EXPECT(thrift_get_i8(back, "tiny") == -128);
    EXPECT(thrift_list_count(thrift_get_list(back, "numbers")) == 1000);
    EXPECT(thrift_get_i32(back, "numbers[999]") == 999 * 1000003);
    EXPECT(thrift_get_i64(back, "counts{\"billions\"}") == INT64_C(7000000000));
    EXPECT(thrift_list_count(thrift_get_list(back, "tags")) == 1);
    thrift_outcome_free(out);
    thrift_record_free(item);
}

static void check_exceptions(thrift_client *client)
{
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_outcome *refused = thrift_client_call(client, "find", THRIFT_ARGS("refused"), &err);
    thrift_outcome *missing = thrift_client_call(client, "find", THRIFT_ARGS("missing"), &err);
    thrift_outcome *found = thrift_client_call(client, "find", THRIFT_ARGS("key"), &err);

    EXPECT(thrift_outcome_is(refused) == THRIFT_OUTCOME_EXCEPTION);
    EXPECT(thrift_get_i32(thrift_outcome_exception(refused, "Refused"), "code") == 7);
    EXPECT(thrift_outcome_exception(refused, "Missing") == NULL);
    EXPECT(thrift_outcome_is(missing) == THRIFT_OUTCOME_EXCEPTION);
    EXPECT(thrift_outcome_exception(missing, "Missing") != NULL);
    EXPECT(thrift_outcome_is(found) == THRIFT_OUTCOME_RESULT);
    EXPECT(strcmp(thrift_get_string(thrift_outcome_record(found, &err), "text"), "key") == 0);
    EXPECT(strcmp(thrift_get_string(thrift_outcome_record(found, &err), "note"), "as usual") == 0);
    EXPECT(err.code == THRIFT_OK);
    EXPECT(thrift_outcome_check(refused, &err) == THRIFT_E_EXCEPTION);
    thrift_outcome_free(refused);
    thrift_outcome_free(missing);
    thrift_outcome_free(found);
}

static void check_oneway(thrift_client *client)
{
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_outcome *before = thrift_client_call(client, "notes", THRIFT_NO_ARGS, &err);
    int32_t count = thrift_as_i32(thrift_outcome_result(before, &err));

    for (int i = 0; i < 3; i++) {
        EXPECT(thrift_client_do(client, "note", THRIFT_ARGS("x"), &err) == THRIFT_OK);
    }
    thrift_outcome *after = thrift_client_call(client, "notes", THRIFT_NO_ARGS, &err);

    EXPECT(thrift_as_i32(thrift_outcome_result(after, &err)) == count + 3);
    thrift_outcome_free(before);
    thrift_outcome_free(after);
}

static void check_results(thrift_client *client)
{
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_outcome *sum =
        thrift_client_call(client, "add", THRIFT_ARGS(INT64_C(-5000000000), 2), &err);
    thrift_outcome *many = thrift_client_call(client, "many", THRIFT_ARGS(300), &err);
    const thrift_list *items = thrift_as_list(thrift_outcome_result(many, &err));

    EXPECT(thrift_as_i64(thrift_outcome_result(sum, &err)) == INT64_C(-4999999998));
    EXPECT(thrift_list_count(items) == 300);
    EXPECT(thrift_get_i32(thrift_list_record(items, 299), "id") == 299);
    EXPECT(thrift_client_do(client, "nothing", THRIFT_NO_ARGS, &err) == THRIFT_OK);
    thrift_outcome_free(sum);
    thrift_outcome_free(many);
}

static void check_application_error(thrift_client *client)
{
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_outcome *out = thrift_client_call(client, "fail", THRIFT_ARGS("on purpose"), &err);

    EXPECT(thrift_outcome_is(out) == THRIFT_OUTCOME_APPLICATION);
    EXPECT(thrift_outcome_application_code(out) == 6);
    EXPECT(thrift_outcome_check(out, &err) == THRIFT_E_APPLICATION);
    thrift_outcome_free(out);
}

int main(int argc, char **argv)
{
    thrift_error err = THRIFT_ERROR_INIT;

    if (argc < 3) {
        fprintf(stderr, "usage: probe-client FILE ADDRESS [--no-application-errors]\n");
        return 2;
    }
    thrift_schema *schema = thrift_load(argv[1], &err);
    thrift_client *client = thrift_client_open(argv[2], schema, "Probe", NULL, &err);

    EXPECT(client != NULL);
    if (client != NULL) {
        check_echo(client, "");
        check_echo(client, "\xe3\x83\x91\xe3\x82\xa4");
        check_big_echo(client);
        check_mirror(client, schema);
        check_exceptions(client);
        check_oneway(client);
        check_results(client);
        if (argc == 3) {
            check_application_error(client);
        }
        check_echo(client, "still there");
    }
    thrift_client_free(client);
    thrift_schema_unref(schema);
    printf("%d wrong\n", wrong);
    return wrong != 0;
}
