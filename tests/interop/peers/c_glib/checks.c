/*
 * ThriftTest's calls with c_glib: each value goes there and must come back.
 */
#include "checks.h"

#include <thrift/c_glib/thrift_application_exception.h>

#include <stdio.h>
#include <string.h>

/* 0 when it is right. Clears the error of a call that failed. */
static int wrong(const char *what, gboolean right, GError **error)
{
    if (!right) {
        fprintf(stderr, "%s: wrong%s%s\n", what, *error != NULL ? ": " : "",
                *error != NULL ? (*error)->message : "");
    }
    g_clear_error(error);
    return right ? 0 : 1;
}

/* ---- base types ---- */

static int check_strings(TTestThriftTestIf *client)
{
    static const char *const texts[] = {"", "Test", " \b \f \n \t \" \\ ]] }}} {[[",
                                        "Ελληνικά Русский 日本語 한국어"};
    int count = 0;

    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
        GError *error = NULL;
        gchar *got = NULL;
        gboolean done = t_test_thrift_test_client_test_string(client, &got, texts[i], &error);

        count += wrong("testString", done && strcmp(got, texts[i]) == 0, &error);
        g_free(got);
    }
    return count;
}

/* The values of one method whose argument and result are of one type. */
#define CHECK_VALUES(method, type, ...)                                                            \
    do {                                                                                           \
        static const type values[] = {__VA_ARGS__};                                                \
                                                                                                   \
        for (size_t i = 0; i < G_N_ELEMENTS(values); i++) {                                        \
            GError *error = NULL;                                                                  \
            type got = values[i] + 1;                                                              \
            gboolean done = t_test_thrift_test_client_##method(client, &got, values[i], &error);   \
                                                                                                   \
            count += wrong(#method, done && memcmp(&got, &values[i], sizeof got) == 0, &error);    \
        }                                                                                          \
    } while (0)

static int check_numbers(TTestThriftTestIf *client)
{
    int count = 0;

    CHECK_VALUES(test_bool, gboolean, TRUE, FALSE);
    CHECK_VALUES(test_byte, gint8, 0, -1, 42, -42, 127, -128);
    CHECK_VALUES(test_i32, gint32, 0, -1, 190000013, G_MAXINT32, G_MININT32);
    CHECK_VALUES(test_i64, gint64, 0, -1, G_GINT64_CONSTANT(7000000000000000123), G_MAXINT64,
                 G_MININT64);
    CHECK_VALUES(test_typedef, TTestUserId, G_GINT64_CONSTANT(0xffffffffffffff));
    CHECK_VALUES(test_double, gdouble, 0.0, -1.0, -5.2098523, -0.000341012439638598279,
                 4294967297.0, 9007199254740991.0, 1e307, 1e-292);
    CHECK_VALUES(test_enum, TTestNumberz, T_TEST_NUMBERZ_ONE, T_TEST_NUMBERZ_TWO,
                 T_TEST_NUMBERZ_FIVE, T_TEST_NUMBERZ_EIGHT);
    return count;
}

static int check_binaries(TTestThriftTestIf *client)
{
    int count = 0;

    for (guint size = 0; size <= 131072; size = size == 0 ? 1 : size * 8) {
        GByteArray *bytes = g_byte_array_set_size(g_byte_array_new(), size);
        GByteArray *got = NULL;
        GError *error = NULL;
        gboolean done;

        for (guint i = 0; i < size; i++) {
            bytes->data[i] = (guint8)i;
        }
        done = t_test_thrift_test_client_test_binary(client, &got, bytes, &error);
        count += wrong("testBinary",
                       done && got != NULL && got->len == size &&
                           (size == 0 || memcmp(got->data, bytes->data, size) == 0),
                       &error);
        g_byte_array_unref(bytes);
        if (got != NULL) {
            g_byte_array_unref(got);
        }
    }
    return count;
}

int check_base_types(TTestThriftTestIf *client)
{
    GError *error = NULL;
    gboolean done = t_test_thrift_test_client_test_void(client, &error);
    int count = wrong("testVoid", done, &error);

    count += check_strings(client);
    count += check_binaries(client);
    done = t_test_thrift_test_client_test_oneway(client, 1, &error);
    count += wrong("testOneway", done, &error);
    return count + check_numbers(client); /* there is no stray reply */
}

/* ---- structs ---- */

static TTestXtruct *new_xtruct(const char *text, gint8 byte, gint32 i32, gint64 i64)
{
    return g_object_new(T_TEST_TYPE_XTRUCT, "string_thing", text, "byte_thing", byte, "i32_thing",
                        i32, "i64_thing", i64, NULL);
}

static gboolean same_xtruct(const TTestXtruct *a, const TTestXtruct *b)
{
    return g_strcmp0(a->string_thing, b->string_thing) == 0 && a->byte_thing == b->byte_thing &&
           a->i32_thing == b->i32_thing && a->i64_thing == b->i64_thing;
}

static int check_struct(TTestThriftTestIf *client, TTestXtruct *one)
{
    TTestXtruct *got = g_object_new(T_TEST_TYPE_XTRUCT, NULL);
    GError *error = NULL;
    gboolean done = t_test_thrift_test_client_test_struct(client, &got, one, &error);
    int count = wrong("testStruct", done && same_xtruct(got, one), &error);

    g_object_unref(got);
    return count;
}

static int check_nest(TTestThriftTestIf *client, TTestXtruct *one)
{
    TTestXtruct2 *two = g_object_new(T_TEST_TYPE_XTRUCT2, "byte_thing", 1, "struct_thing", one,
                                     "i32_thing", 5, NULL);
    TTestXtruct2 *got = g_object_new(T_TEST_TYPE_XTRUCT2, NULL);
    GError *error = NULL;
    gboolean done = t_test_thrift_test_client_test_nest(client, &got, two, &error);
    int count = wrong("testNest",
                      done && got->byte_thing == 1 && got->i32_thing == 5 &&
                          same_xtruct(got->struct_thing, one),
                      &error);

    g_object_unref(got);
    g_object_unref(two);
    return count;
}

static int check_multi(TTestThriftTestIf *client)
{
    GHashTable *texts = g_hash_table_new(g_int_hash, g_int_equal);
    TTestXtruct *got = g_object_new(T_TEST_TYPE_XTRUCT, NULL);
    TTestXtruct *want = new_xtruct("Hello2", 42, 4242, 424242);
    GError *error = NULL;
    gboolean done = t_test_thrift_test_client_test_multi(client, &got, 42, 4242, 424242, texts,
                                                         T_TEST_NUMBERZ_EIGHT, 24, &error);
    int count = wrong("testMulti", done && same_xtruct(got, want), &error);

    g_object_unref(got);
    g_object_unref(want);
    g_hash_table_destroy(texts);
    return count;
}

static gboolean same_insanity(const TTestInsanity *a, const TTestInsanity *b)
{
    const gpointer five = GINT_TO_POINTER(T_TEST_NUMBERZ_FIVE);
    const gint64 *user = a == NULL ? NULL : g_hash_table_lookup(a->userMap, five);

    return user != NULL && *user == *(gint64 *)g_hash_table_lookup(b->userMap, five) &&
           a->xtructs->len == b->xtructs->len &&
           same_xtruct(g_ptr_array_index(a->xtructs, 0), g_ptr_array_index(b->xtructs, 0));
}

static int check_insanity(TTestThriftTestIf *client, TTestXtruct *one)
{
    TTestInsanity *insane = g_object_new(T_TEST_TYPE_INSANITY, NULL);
    GHashTable *whole = g_hash_table_new(g_int64_hash, g_int64_equal); /* and all in it leaks */
    const gint64 five = 5, first_user = 1;
    GHashTable *first;
    GError *error = NULL;
    gboolean done;
    int count;

    g_hash_table_insert(insane->userMap, GINT_TO_POINTER(T_TEST_NUMBERZ_FIVE),
                        g_memdup2(&five, sizeof five));
    g_ptr_array_add(insane->xtructs, g_object_ref(one));
    insane->__isset_userMap = insane->__isset_xtructs = TRUE;
    done = t_test_thrift_test_client_test_insanity(client, &whole, insane, &error);
    first = done ? g_hash_table_lookup(whole, &first_user) : NULL;
    count =
        wrong("testInsanity",
              first != NULL && g_hash_table_size(whole) == 2 &&
                  same_insanity(g_hash_table_lookup(first, GINT_TO_POINTER(T_TEST_NUMBERZ_TWO)),
                                insane) &&
                  same_insanity(g_hash_table_lookup(first, GINT_TO_POINTER(T_TEST_NUMBERZ_THREE)),
                                insane),
              &error);
    g_object_unref(insane);
    return count;
}

int check_structs(TTestThriftTestIf *client)
{
    TTestXtruct *one = new_xtruct("Zero", 1, -3, -5);
    int count = check_struct(client, one) + check_nest(client, one) + check_multi(client) +
                check_insanity(client, one);

    g_object_unref(one);
    return count;
}

/* ---- containers ---- */

static gboolean same_i32_map(GHashTable *a, GHashTable *b)
{
    GHashTableIter at;
    gpointer key, value;
    gboolean same = g_hash_table_size(a) == g_hash_table_size(b);

    g_hash_table_iter_init(&at, b);
    while (same && g_hash_table_iter_next(&at, &key, &value)) {
        gint32 *got = g_hash_table_lookup(a, key);

        same =
            value == NULL ? g_hash_table_contains(a, key) : got != NULL && *got == *(gint32 *)value;
    }
    return same;
}

/* {-2: -12, … 2: -8}; of a set the keys only. */
static int check_map(TTestThriftTestIf *client, gboolean is_set)
{
    static gint32 numbers[5][2] = {{-2, -12}, {-1, -11}, {0, -10}, {1, -9}, {2, -8}};
    GHashTable *map = g_hash_table_new(g_int_hash, g_int_equal);
    GHashTable *got = g_hash_table_new(g_int_hash, g_int_equal);
    GError *error = NULL;
    gboolean done;
    int count;

    for (size_t i = 0; i < G_N_ELEMENTS(numbers); i++) {
        g_hash_table_insert(map, &numbers[i][0], is_set ? NULL : &numbers[i][1]);
    }
    done = is_set ? t_test_thrift_test_client_test_set(client, &got, map, &error)
                  : t_test_thrift_test_client_test_map(client, &got, map, &error);
    count = wrong(is_set ? "testSet" : "testMap", done && same_i32_map(got, map), &error);
    g_hash_table_destroy(map);
    return count;
}

static int check_string_map(TTestThriftTestIf *client)
{
    GHashTable *map = g_hash_table_new(g_str_hash, g_str_equal);
    GHashTable *got = g_hash_table_new(g_str_hash, g_str_equal);
    GError *error = NULL;
    gboolean done;
    int count;

    g_hash_table_insert(map, "a", "2");
    g_hash_table_insert(map, "some", "thing");
    done = t_test_thrift_test_client_test_string_map(client, &got, map, &error);
    count = wrong("testStringMap",
                  done && g_hash_table_size(got) == 2 &&
                      g_strcmp0(g_hash_table_lookup(got, "some"), "thing") == 0,
                  &error);
    g_hash_table_destroy(map);
    return count;
}

static int check_list(TTestThriftTestIf *client, guint size)
{
    static const gint32 numbers[] = {-2, -1, 0, 1, 2};
    GArray *list = g_array_append_vals(g_array_new(FALSE, FALSE, sizeof(gint32)), numbers, size);
    GArray *got = g_array_new(FALSE, FALSE, sizeof(gint32));
    GError *error = NULL;
    gboolean done = t_test_thrift_test_client_test_list(client, &got, list, &error);
    int count = wrong("testList",
                      done && got->len == size &&
                          (size == 0 || memcmp(got->data, numbers, size * sizeof *numbers) == 0),
                      &error);

    g_array_unref(list);
    g_array_unref(got);
    return count;
}

static int check_map_map(TTestThriftTestIf *client)
{
    GHashTable *got = g_hash_table_new(g_int_hash, g_int_equal);
    const gint32 four = -4, three = -3;
    GError *error = NULL;
    gboolean done = t_test_thrift_test_client_test_map_map(client, &got, 1, &error);
    GHashTable *inner = done ? g_hash_table_lookup(got, &four) : NULL;
    const gint32 *number = inner == NULL ? NULL : g_hash_table_lookup(inner, &three);

    return wrong("testMapMap", number != NULL && *number == -3, &error);
}

int check_containers(TTestThriftTestIf *client)
{
    return check_map(client, FALSE) + check_map(client, TRUE) + check_string_map(client) +
           check_list(client, 0) + check_list(client, 5) + check_map_map(client);
}

/* ---- exceptions ---- */

static int check_exception(TTestThriftTestIf *client)
{
    TTestXception *thrown = NULL;
    GError *error = NULL;
    gboolean done = t_test_thrift_test_client_test_exception(client, "Xception", &thrown, &error);
    int count = wrong("testException(Xception)",
                      !done && thrown != NULL && thrown->errorCode == 1001 &&
                          g_strcmp0(thrown->message, "Xception") == 0,
                      &error);

    g_clear_object(&thrown);
    done = t_test_thrift_test_client_test_exception(client, "TException", &thrown, &error);
    count += wrong("testException(TException)",
                   !done && g_error_matches(error, THRIFT_APPLICATION_EXCEPTION_ERROR,
                                            error == NULL ? 0 : error->code),
                   &error);
    done = t_test_thrift_test_client_test_exception(client, "success", &thrown, &error);
    return count + wrong("testException(success)", done, &error);
}

static int check_multi_exception(TTestThriftTestIf *client)
{
    TTestXtruct *got = g_object_new(T_TEST_TYPE_XTRUCT, NULL);
    TTestXception *first = NULL;
    TTestXception2 *second = NULL;
    GError *error = NULL;
    gboolean done = t_test_thrift_test_client_test_multi_exception(client, &got, "Xception2",
                                                                   "test", &first, &second, &error);
    int count =
        wrong("testMultiException(Xception2)",
              !done && second != NULL && second->errorCode == 2002 &&
                  g_strcmp0(second->struct_thing->string_thing, "This is an Xception2") == 0,
              &error);

    g_clear_object(&second);
    done = t_test_thrift_test_client_test_multi_exception(client, &got, "success", "test", &first,
                                                          &second, &error);
    count += wrong("testMultiException(success)", done && g_strcmp0(got->string_thing, "test") == 0,
                   &error);
    g_object_unref(got);
    return count;
}

int check_exceptions(TTestThriftTestIf *client)
{
    return check_exception(client) + check_multi_exception(client);
}

int check_second(TTestSecondServiceIf *client)
{
    GError *error = NULL;
    gchar *got = NULL;
    gboolean done = t_test_second_service_client_secondtest_string(client, &got, "foo", &error);
    int count =
        wrong("secondtestString", done && g_strcmp0(got, "testString(\"foo\")") == 0, &error);

    g_free(got);
    return count;
}
