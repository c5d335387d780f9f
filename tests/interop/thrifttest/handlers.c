/*
 * The handlers of ThriftTest: what Apache's cross test expects of a server.
 */
#include "handlers.h"

#include <stdio.h>
#include <string.h>

static thrift_status on_void(thrift_call *call, const thrift_record *args, void *context)
{
    (void)call, (void)args, (void)context;
    return THRIFT_OK;
}

static thrift_status on_echo(thrift_call *call, const thrift_record *args, void *context)
{
    (void)context;
    return thrift_return(call, thrift_get(args, "thing"));
}

static thrift_status on_map_map(thrift_call *call, const thrift_record *args, void *context)
{
    thrift_map *outer = thrift_call_result_map(call);

    (void)args, (void)context;
    for (int32_t sign = -1; sign <= 1; sign += 2) {
        thrift_map *inner = thrift_map_put_map(outer, THRIFT_VALUE(sign * 4));

        for (int32_t i = 1; i < 5; i++) {
            thrift_map_put(inner, sign * i, sign * i);
        }
    }
    return THRIFT_OK;
}

static thrift_status on_insanity(thrift_call *call, const thrift_record *args, void *context)
{
    thrift_map *whole = thrift_call_result_map(call);
    thrift_map *first = thrift_map_put_map(whole, THRIFT_VALUE(1));
    thrift_map *second = thrift_map_put_map(whole, THRIFT_VALUE(2));
    const thrift_record *argument = thrift_get_record(args, "argument");

    (void)context;
    thrift_map_put(first, "TWO", argument);
    thrift_map_put(first, "THREE", argument);
    thrift_map_put_record(second, THRIFT_VALUE("SIX"));
    return THRIFT_OK;
}

static thrift_status on_multi(thrift_call *call, const thrift_record *args, void *context)
{
    (void)context;
    return thrift_set(thrift_call_result(call), "string_thing", "Hello2", "byte_thing",
                      thrift_get(args, "arg0"), "i32_thing", thrift_get(args, "arg1"), "i64_thing",
                      thrift_get(args, "arg2"));
}

static thrift_status on_exception(thrift_call *call, const thrift_record *args, void *context)
{
    const char *what = thrift_get_string(args, "arg");

    (void)context;
    if (strcmp(what, "Xception") == 0) {
        return thrift_throw(call, "Xception", "errorCode", 1001, "message", what);
    }
    return strcmp(what, "TException") == 0 ? thrift_fail(call, "something undeclared") : THRIFT_OK;
}

static thrift_status on_multi_exception(thrift_call *call, const thrift_record *args, void *context)
{
    const char *what = thrift_get_string(args, "arg0");
    thrift_record *thing;
    thrift_status status;

    (void)context;
    if (strcmp(what, "Xception") == 0) {
        return thrift_throw(call, "Xception", "errorCode", 1001, "message", "This is an Xception");
    }
    if (strcmp(what, "Xception2") != 0) {
        return thrift_set(thrift_call_result(call), "string_thing", thrift_get(args, "arg1"));
    }
    thing = thrift_record_new(thrift_call_schema(call), "Xtruct", NULL);
    (void)thrift_set(thing, "string_thing", "This is an Xception2");
    status = thrift_throw(call, "Xception2", "errorCode", 2002, "struct_thing", thing);
    thrift_record_free(thing);
    return status;
}

static thrift_status on_second(thrift_call *call, const thrift_record *args, void *context)
{
    const char *thing = thrift_get_string(args, "thing");
    size_t size = strlen(thing) + sizeof "testString(\"\")";
    char *text = thrift_call_alloc(call, size);

    (void)context;
    if (text == NULL) {
        return THRIFT_E_NOMEM;
    }
    (void)snprintf(text, size, "testString(\"%s\")", thing);
    return thrift_return(call, text);
}

void bind_thrifttest(thrift_registry *registry)
{
    static const char *const echoes[] = {"String",    "Bool", "Byte",   "I32",    "I64", "Double",
                                         "Binary",    "Uuid", "Struct", "Nest",   "Map", "Set",
                                         "StringMap", "List", "Enum",   "Typedef"};
    char name[64];

    for (size_t i = 0; i < sizeof echoes / sizeof echoes[0]; i++) {
        (void)snprintf(name, sizeof name, "ThriftTest.test%s", echoes[i]);
        thrift_bind(registry, name, on_echo, NULL);
    }
    thrift_bind(registry, "ThriftTest.testVoid", on_void, NULL);
    thrift_bind(registry, "ThriftTest.testMapMap", on_map_map, NULL);
    thrift_bind(registry, "ThriftTest.testInsanity", on_insanity, NULL);
    thrift_bind(registry, "ThriftTest.testMulti", on_multi, NULL);
    thrift_bind(registry, "ThriftTest.testException", on_exception, NULL);
    thrift_bind(registry, "ThriftTest.testMultiException", on_multi_exception, NULL);
    thrift_bind(registry, "ThriftTest.testOneway", on_void, NULL);
    thrift_bind(registry, "SecondService.secondtestString", on_second, NULL);
}
