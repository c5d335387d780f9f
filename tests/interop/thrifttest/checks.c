/*
 * ThriftTest's calls: each value goes there and must come back.
 */
#include "checks.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>
#include <time.h>

#define COUNT_OF(a) (sizeof(a) / sizeof *(a))

void expect(struct tested *tested, int category, bool right, const char *what,
            const thrift_error *err)
{
    if (!right) {
        fprintf(stderr, "%s: wrong\n", what);
        thrift_error_print(err, stderr);
        tested->wrong |= category;
    }
}

/* One call whose only argument is what should come back. */
static void check_echo(struct tested *tested, int category, const char *method, thrift_value value,
                       bool (*same)(thrift_value got, thrift_value given))
{
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_outcome *out =
        thrift_client_call(tested->client, method, (thrift_args){&value, 1}, &err);
    bool right = same(thrift_outcome_result(out, &err), value);

    expect(tested, category, out != NULL && err.code == THRIFT_OK && right, method, &err);
    thrift_outcome_free(out);
}

static bool same_bytes(thrift_value got, thrift_value given)
{
    thrift_bytes a = thrift_as_bytes(got), b = given.as.bytes;

    return a.size == b.size && (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}

static bool same_integer(thrift_value got, thrift_value given)
{
    return thrift_as_i64(got) == given.as.integer;
}

static bool same_bool(thrift_value got, thrift_value given)
{
    return got.kind == THRIFT_KIND_BOOL && thrift_as_bool(got) == given.as.boolean;
}

static bool same_double(thrift_value got, thrift_value given)
{
    double a = thrift_as_double(got);

    return memcmp(&a, &given.as.real, sizeof a) == 0;
}

static bool same_uuid(thrift_value got, thrift_value given)
{
    thrift_uuid a = thrift_as_uuid(got);

    return memcmp(&a, &given.as.uuid, sizeof a) == 0;
}

static bool same_symbol(thrift_value got, thrift_value given)
{
    return got.kind == THRIFT_KIND_ENUM && thrift_as_i32(got) == given.as.integer;
}

static void check_strings(struct tested *tested)
{
    static const char *const texts[] = {
        "",
        "Test",
        " backspace \b formfeed \f newline \n return \r tab \t quote \" slash / backslash \\ \\/ "
        "]] ]}}} {[[[ ",
        "{}:\xe3\x83\x91\xe3\x82\xa4\xe3\x82\xbd\xe3\x83\xb3\"",
        "Ελληνικά Русский 日本語 العربية עברית ไทย हिन्दी Türkçe Íslenska ქართული 中文 한국어 "
        "Nāhuatl ᐃᓄᒃᑎᑐᑦ 𝄞 𐍈",
    };

    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        check_echo(tested, WRONG_BASE_TYPES, "testString", THRIFT_VALUE(texts[i]), same_bytes);
    }
}

static void check_integers(struct tested *tested)
{
    static const struct {
        const char *method;
        int64_t values[14];
        size_t count;
    } cases[] = {
        {"testByte", {0, -1, 42, -42, 127, -128, 63, -127}, 8},
        {"testI32", {0, -1, 190000013, -190000013, INT32_MAX, INT32_MIN}, 6},
        {"testI64",
         {0, -1, INT64_C(7000000000000000123), -INT64_C(7000000000000000123), INT64_C(1) << 32,
          -(INT64_C(1) << 32), (INT64_C(1) << 32) + 1, -(INT64_C(1) << 32) - 1, INT64_MAX,
          INT64_MIN, -INT64_C(34359738368)},
         11},
        {"testTypedef", {INT64_C(309858235082523), INT64_C(0xffffffffffffff)}, 2},
    };

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        for (size_t j = 0; j < cases[i].count; j++) {
            check_echo(tested, WRONG_BASE_TYPES, cases[i].method, THRIFT_VALUE(cases[i].values[j]),
                       same_integer);
        }
    }
}

static void check_doubles(struct tested *tested)
{
    static const double values[] = {
        0.0,          -1.0,         -5.2098523,         -0.000341012439638598279,
        4294967296.0, 4294967297.0, 9007199254740991.0, -9007199254740991.0,
        1e307,        1e-292};

    for (size_t i = 0; i < COUNT_OF(values); i++) {
        check_echo(tested, WRONG_BASE_TYPES, "testDouble", THRIFT_VALUE(values[i]), same_double);
    }
}

static void check_binaries(struct tested *tested)
{
    static uint8_t pattern[131072];

    for (size_t i = 0; i < sizeof pattern; i++) {
        pattern[i] = (uint8_t)i;
    }
    for (size_t size = 0; size <= (tested->small ? 4096 : sizeof pattern);
         size = size == 0 ? 1 : size * 2) {
        const thrift_bytes bytes = {pattern, size};

        check_echo(tested, WRONG_BASE_TYPES, "testBinary", THRIFT_VALUE(bytes), same_bytes);
    }
}

static void check_uuids(struct tested *tested)
{
    static const thrift_uuid uuids[] = {{{0x5e, 0x2a, 0xb1, 0x88, 0x17, 0x26, 0x4e, 0x75, 0xa0,
                                          0x4f, 0x1e, 0xd9, 0xa6, 0xa8, 0x9c, 0x4c}},
                                        {{0}},
                                        {{0x00, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88,
                                          0x99, 0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff}}};

    for (size_t i = 0; tested->uuid && i < COUNT_OF(uuids); i++) {
        check_echo(tested, WRONG_BASE_TYPES, "testUuid", THRIFT_VALUE(uuids[i]), same_uuid);
    }
}

static void check_enums(struct tested *tested)
{
    const int numbers[] = {1, 2, 3, 5, 8};

    for (size_t i = 0; i < COUNT_OF(numbers); i++) {
        check_echo(tested, WRONG_STRUCTS, "testEnum", THRIFT_VALUE(numbers[i]), same_symbol);
    }
}

static void check_oneway(struct tested *tested)
{
    thrift_error err = THRIFT_ERROR_INIT;
    struct timespec begin, end;
    thrift_status status;

    (void)clock_gettime(CLOCK_MONOTONIC, &begin);
    status = thrift_client_do(tested->client, "testOneway", THRIFT_ARGS(1), &err);
    (void)clock_gettime(CLOCK_MONOTONIC, &end);
    expect(tested, WRONG_BASE_TYPES, status == THRIFT_OK, "testOneway", &err);
    expect(tested, WRONG_BASE_TYPES,
           (end.tv_sec - begin.tv_sec) * 1000 + (end.tv_nsec - begin.tv_nsec) / 1000000 < 3000,
           "testOneway's time", &err);
    /* no stray reply */
    check_echo(tested, WRONG_BASE_TYPES, "testI32", THRIFT_VALUE(-1), same_integer);
}

void check_second(struct tested *tested)
{
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_outcome *out;
    const char *text;

    out = thrift_client_call(tested->client, "secondtestString", THRIFT_ARGS("foo"), &err);
    text = thrift_as_string(thrift_outcome_result(out, &err));
    expect(tested, WRONG_BASE_TYPES, text != NULL && strcmp(text, "testString(\"foo\")") == 0,
           "secondtestString", &err);
    thrift_outcome_free(out);
}

void check_base_types(struct tested *tested)
{
    thrift_error err = THRIFT_ERROR_INIT;

    expect(tested, WRONG_BASE_TYPES,
           thrift_client_do(tested->client, "testVoid", THRIFT_NO_ARGS, &err) == THRIFT_OK,
           "testVoid", &err);
    check_strings(tested);
    check_echo(tested, WRONG_BASE_TYPES, "testBool", THRIFT_VALUE((bool)true), same_bool);
    check_echo(tested, WRONG_BASE_TYPES, "testBool", THRIFT_VALUE((bool)false), same_bool);
    check_integers(tested);
    check_doubles(tested);
    check_binaries(tested);
    check_uuids(tested);
    if (!tested->no_oneway) {
        check_oneway(tested);
    }
}

/* ---- structs ---- */

static bool same_record(thrift_value got, thrift_value given)
{
    return thrift_record_equal(thrift_as_record(got), given.as.record);
}

static thrift_record *new_record(struct tested *tested, const char *type)
{
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_record *record = thrift_record_new(tested->schema, type, &err);

    thrift_error_print(&err, stderr);
    return record;
}

static void check_multi(struct tested *tested)
{
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_record *args = thrift_client_args(tested->client, "testMulti", &err);
    thrift_outcome *out;
    const thrift_record *got;

    (void)thrift_set(args, "arg0", 42, "arg1", 4242, "arg2", INT64_C(424242), "arg4", "EIGHT",
                     "arg5", 24);
    thrift_map_put(thrift_open_map(args, "arg3"), 1, "blah");
    thrift_map_put(thrift_open_map(args, "arg3"), 2, "thing");
    out = thrift_client_send(tested->client, args, &err);
    got = thrift_outcome_record(out, &err);
    expect(tested, WRONG_STRUCTS,
           got != NULL && strcmp(thrift_get_string(got, "string_thing"), "Hello2") == 0 &&
               thrift_get_i8(got, "byte_thing") == 42 && thrift_get_i32(got, "i32_thing") == 4242 &&
               thrift_get_i64(got, "i64_thing") == 424242,
           "testMulti", &err);
    thrift_outcome_free(out);
    thrift_record_free(args);
}

static void check_insanity(struct tested *tested)
{
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_record *insane = new_record(tested, "Insanity");
    thrift_record *empty = new_record(tested, "Insanity");
    thrift_map *users = thrift_open_map(insane, "userMap");
    thrift_list *structs = thrift_open_list(insane, "xtructs");
    const thrift_map *whole;
    const thrift_map *first, *second;
    thrift_outcome *out;

    thrift_map_put(users, "FIVE", 5);
    thrift_map_put(users, "EIGHT", 8);
    thrift_set(thrift_list_add_record(structs), "string_thing", "Goodbye4", "byte_thing", 4,
               "i32_thing", 4, "i64_thing", 4);
    thrift_set(thrift_list_add_record(structs), "string_thing", "Hello2", "byte_thing", 2,
               "i32_thing", 2, "i64_thing", 2);
    (void)thrift_open_map(empty, "userMap");
    (void)thrift_open_list(empty, "xtructs");
    out = thrift_client_call(tested->client, "testInsanity", THRIFT_ARGS(insane), &err);
    whole = thrift_as_map(thrift_outcome_result(out, &err));
    first = thrift_as_map(thrift_map_find(whole, THRIFT_VALUE(1)));
    second = thrift_as_map(thrift_map_find(whole, THRIFT_VALUE(2)));
    expect(tested, WRONG_STRUCTS,
           thrift_map_count(whole) == 2 && thrift_map_count(first) == 2 &&
               thrift_map_count(second) == 1 &&
               same_record(thrift_map_find(first, THRIFT_VALUE(2)), THRIFT_VALUE(insane)) &&
               same_record(thrift_map_find(first, THRIFT_VALUE(3)), THRIFT_VALUE(insane)) &&
               same_record(thrift_map_find(second, THRIFT_VALUE(6)), THRIFT_VALUE(empty)),
           "testInsanity", &err);
    thrift_outcome_free(out);
    thrift_record_free(insane);
    thrift_record_free(empty);
}

void check_structs(struct tested *tested)
{
    thrift_record *one = new_record(tested, "Xtruct"), *two = new_record(tested, "Xtruct2");

    (void)thrift_set(one, "string_thing", "Zero", "byte_thing", 1, "i32_thing", -3, "i64_thing",
                     -5);
    (void)thrift_set(two, "byte_thing", 1, "struct_thing", one, "i32_thing", 5);
    check_echo(tested, WRONG_STRUCTS, "testStruct", THRIFT_VALUE(one), same_record);
    check_echo(tested, WRONG_STRUCTS, "testNest", THRIFT_VALUE(two), same_record);
    check_enums(tested);
    check_multi(tested);
    check_insanity(tested);
    thrift_record_free(one);
    thrift_record_free(two);
}

/* ---- containers ---- */

/* The call's argument is the field "thing" of its arguments: the result must be equal to it. */
static void check_container(struct tested *tested, const char *method,
                            void (*fill)(thrift_record *args),
                            bool (*same)(thrift_value got, const thrift_record *args))
{
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_record *args = thrift_client_args(tested->client, method, &err);
    thrift_outcome *out;

    fill(args);
    out = thrift_client_send(tested->client, args, &err);
    expect(tested, WRONG_CONTAINERS,
           out != NULL && same(thrift_outcome_result(out, &err), args) && err.code == THRIFT_OK,
           method, &err);
    thrift_outcome_free(out);
    thrift_record_free(args);
}

static void fill_map(thrift_record *args)
{
    for (int i = 0; i < 5; i++) {
        thrift_map_put(thrift_open_map(args, "thing"), i, i - 10);
    }
}

static void fill_string_map(thrift_record *args)
{
    thrift_map *map = thrift_open_map(args, "thing");

    thrift_map_put(map, "a", "2");
    thrift_map_put(map, "b", "blah");
    thrift_map_put(map, "some", "thing");
}

static void fill_list(thrift_record *args)
{
    for (int i = -2; i < 3; i++) {
        thrift_list_add(thrift_open_list(args, "thing"), i);
    }
}

static void fill_nothing(thrift_record *args) { (void)thrift_open_list(args, "thing"); }

static bool same_map(thrift_value got, const thrift_record *args)
{
    const thrift_map *a = thrift_as_map(got), *b = thrift_get_map(args, "thing");

    if (thrift_map_count(a) != thrift_map_count(b)) {
        return false;
    }
    for (size_t i = 0; i < thrift_map_count(b); i++) {
        thrift_value want = thrift_map_at(b, i);
        thrift_value have = thrift_map_find(a, thrift_map_key(b, i));

        if (want.kind == THRIFT_KIND_STRING ? !same_bytes(have, want)
                                            : thrift_as_i32(have) != thrift_as_i32(want)) {
            return false;
        }
    }
    return true;
}

/* A set may come back in any order; the numbers are distinct. */
static bool same_set(thrift_value got, const thrift_record *args)
{
    const thrift_list *a = thrift_as_list(got), *b = thrift_get_list(args, "thing");
    size_t found = 0;

    for (size_t i = 0; i < thrift_list_count(b); i++) {
        for (size_t j = 0; j < thrift_list_count(a); j++) {
            found += thrift_as_i32(thrift_list_at(a, j)) == thrift_as_i32(thrift_list_at(b, i));
        }
    }
    return thrift_list_count(a) == thrift_list_count(b) && found == thrift_list_count(b);
}

static bool same_list(thrift_value got, const thrift_record *args)
{
    const thrift_list *a = thrift_as_list(got), *b = thrift_get_list(args, "thing");

    for (size_t i = 0; i < thrift_list_count(b); i++) {
        if (thrift_as_i32(thrift_list_at(a, i)) != thrift_as_i32(thrift_list_at(b, i))) {
            return false;
        }
    }
    return thrift_list_count(a) == thrift_list_count(b);
}

static void check_map_map(struct tested *tested)
{
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_outcome *out = thrift_client_call(tested->client, "testMapMap", THRIFT_ARGS(1), &err);
    const thrift_map *outer = thrift_as_map(thrift_outcome_result(out, &err));
    bool right = thrift_map_count(outer) == 2;

    for (int sign = -1; sign <= 1; sign += 2) {
        const thrift_map *inner = thrift_as_map(thrift_map_find(outer, THRIFT_VALUE(sign * 4)));

        right = right && thrift_map_count(inner) == 4;
        for (int i = 1; i < 5; i++) {
            right =
                right && thrift_as_i32(thrift_map_find(inner, THRIFT_VALUE(sign * i))) == sign * i;
        }
    }
    expect(tested, WRONG_CONTAINERS, right, "testMapMap", &err);
    thrift_outcome_free(out);
}

void check_containers(struct tested *tested)
{
    check_container(tested, "testMap", fill_map, same_map);
    check_container(tested, "testStringMap", fill_string_map, same_map);
    check_container(tested, "testSet", fill_list, same_set);
    check_container(tested, "testList", fill_list, same_list);
    check_container(tested, "testList", fill_nothing, same_list);
    check_map_map(tested);
}

/* ---- exceptions ---- */

static void check_thrown(struct tested *tested, const char *method, thrift_args args,
                         const char *type, int32_t code, const char *text_at, const char *text)
{
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_outcome *out = thrift_client_call(tested->client, method, args, &err);
    const thrift_record *thrown = thrift_outcome_exception(out, type);

    expect(tested, WRONG_EXCEPTIONS,
           thrown != NULL && thrift_get_i32(thrown, "errorCode") == code &&
               strcmp(thrift_get_string(thrown, text_at), text) == 0,
           method, &err);
    thrift_outcome_free(out);
}

static void check_undeclared(struct tested *tested)
{
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_outcome *out;

    if (tested->application_errors) {
        out = thrift_client_call(tested->client, "testException", THRIFT_ARGS("TException"), &err);
        expect(tested, WRONG_EXCEPTIONS, thrift_outcome_is(out) == THRIFT_OUTCOME_APPLICATION,
               "testException(TException)", &err);
        thrift_outcome_free(out);
    }
}

void check_exceptions(struct tested *tested)
{
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_outcome *out;
    const thrift_record *got;

    check_thrown(tested, "testException", THRIFT_ARGS("Xception"), "Xception", 1001, "message",
                 "Xception");
    check_undeclared(tested);
    expect(tested, WRONG_EXCEPTIONS,
           thrift_client_do(tested->client, "testException", THRIFT_ARGS("success"), &err) ==
               THRIFT_OK,
           "testException(success)", &err);
    check_thrown(tested, "testMultiException", THRIFT_ARGS("Xception", "test"), "Xception", 1001,
                 "message", "This is an Xception");
    check_thrown(tested, "testMultiException", THRIFT_ARGS("Xception2", "test"), "Xception2", 2002,
                 "struct_thing.string_thing", "This is an Xception2");
    out = thrift_client_call(tested->client, "testMultiException", THRIFT_ARGS("success", "test"),
                             &err);
    got = thrift_outcome_record(out, &err);
    expect(tested, WRONG_EXCEPTIONS,
           got != NULL && strcmp(thrift_get_string(got, "string_thing"), "test") == 0,
           "testMultiException(success)", &err);
    thrift_outcome_free(out);
}
