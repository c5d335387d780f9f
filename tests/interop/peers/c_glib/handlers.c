/*
 * What ThriftTest's methods do: most of them answer with what they are given.
 *
 * The caller makes the containers and structs of results; handlers fill them in.
 */
#include "handlers.h"

#include <thrift/c_glib/thrift_application_exception.h>

#include <string.h>

/* ---- methods that echo ---- */

static gboolean on_void(TTestThriftTestIf *self, GError **error)
{
    (void)self, (void)error;
    return TRUE;
}

static gboolean on_string(TTestThriftTestIf *self, gchar **out, const gchar *thing, GError **error)
{
    (void)self, (void)error;
    *out = g_strdup(thing);
    return TRUE;
}

#define ECHO(name, type)                                                                           \
    static gboolean name(TTestThriftTestIf *self, type *out, const type thing, GError **error)     \
    {                                                                                              \
        (void)self, (void)error;                                                                   \
        *out = thing;                                                                              \
        return TRUE;                                                                               \
    }

ECHO(on_bool, gboolean)
ECHO(on_byte, gint8)
ECHO(on_i32, gint32)
ECHO(on_i64, gint64)
ECHO(on_double, gdouble)
ECHO(on_enum, TTestNumberz)
ECHO(on_typedef, TTestUserId)

static gboolean on_binary(TTestThriftTestIf *self, GByteArray **out, const GByteArray *thing,
                          GError **error)
{
    (void)self, (void)error;
    *out = g_byte_array_append(g_byte_array_new(), thing->data, thing->len);
    return TRUE;
}

static void copy_xtruct(TTestXtruct *to, const TTestXtruct *from)
{
    g_object_set(to, "string_thing", from->string_thing, "byte_thing", from->byte_thing,
                 "i32_thing", from->i32_thing, "i64_thing", from->i64_thing, NULL);
}

static gboolean on_struct(TTestThriftTestIf *self, TTestXtruct **out, const TTestXtruct *thing,
                          GError **error)
{
    (void)self, (void)error;
    copy_xtruct(*out, thing);
    return TRUE;
}

static gboolean on_nest(TTestThriftTestIf *self, TTestXtruct2 **out, const TTestXtruct2 *thing,
                        GError **error)
{
    (void)self, (void)error;
    g_object_set(*out, "byte_thing", thing->byte_thing, "struct_thing", thing->struct_thing,
                 "i32_thing", thing->i32_thing, NULL);
    return TRUE;
}

static gpointer new_i32(gint32 number) { return g_memdup2(&number, sizeof number); }

/* Maps, and sets, whose values are nothing. */
static gboolean on_map(TTestThriftTestIf *self, GHashTable **out, const GHashTable *thing,
                       GError **error)
{
    GHashTableIter at;
    gpointer key, value;

    (void)self, (void)error;
    g_hash_table_iter_init(&at, (GHashTable *)thing);
    while (g_hash_table_iter_next(&at, &key, &value)) {
        g_hash_table_insert(*out, new_i32(*(gint32 *)key),
                            value == NULL ? NULL : new_i32(*(gint32 *)value));
    }
    return TRUE;
}

static gboolean on_set(TTestThriftTestIf *self, GHashTable **out, const GHashTable *thing,
                       GError **error)
{
    GHashTableIter at;
    gpointer key;

    (void)self, (void)error;
    g_hash_table_iter_init(&at, (GHashTable *)thing);
    while (g_hash_table_iter_next(&at, &key, NULL)) {
        g_hash_table_insert(*out, new_i32(*(gint32 *)key), NULL);
    }
    return TRUE;
}

static gboolean on_string_map(TTestThriftTestIf *self, GHashTable **out, const GHashTable *thing,
                              GError **error)
{
    GHashTableIter at;
    gpointer key, value;

    (void)self, (void)error;
    g_hash_table_iter_init(&at, (GHashTable *)thing);
    while (g_hash_table_iter_next(&at, &key, &value)) {
        g_hash_table_insert(*out, g_strdup(key), g_strdup(value));
    }
    return TRUE;
}

static gboolean on_list(TTestThriftTestIf *self, GArray **out, const GArray *thing, GError **error)
{
    (void)self, (void)error;
    g_array_append_vals(*out, thing->data, thing->len);
    return TRUE;
}

/* ---- methods that answer with something else ---- */

static gboolean on_map_map(TTestThriftTestIf *self, GHashTable **out, const gint32 hello,
                           GError **error)
{
    (void)self, (void)hello, (void)error;
    for (gint32 sign = -1; sign <= 1; sign += 2) {
        GHashTable *inner = g_hash_table_new_full(g_int_hash, g_int_equal, g_free, g_free);

        for (gint32 i = 1; i < 5; i++) {
            g_hash_table_insert(inner, new_i32(sign * i), new_i32(sign * i));
        }
        g_hash_table_insert(*out, new_i32(sign * 4), inner);
    }
    return TRUE;
}

static GHashTable *put_user(GHashTable *whole, gint64 user)
{
    GHashTable *made = g_hash_table_new_full(g_direct_hash, g_direct_equal, NULL, g_object_unref);

    g_hash_table_insert(whole, g_memdup2(&user, sizeof user), made);
    return made;
}

static gboolean on_insanity(TTestThriftTestIf *self, GHashTable **out,
                            const TTestInsanity *argument, GError **error)
{
    GHashTable *first = put_user(*out, 1), *second = put_user(*out, 2);

    (void)self, (void)error;
    g_hash_table_insert(first, GINT_TO_POINTER(T_TEST_NUMBERZ_TWO), g_object_ref((void *)argument));
    g_hash_table_insert(first, GINT_TO_POINTER(T_TEST_NUMBERZ_THREE),
                        g_object_ref((void *)argument));
    g_hash_table_insert(second, GINT_TO_POINTER(T_TEST_NUMBERZ_SIX),
                        g_object_new(T_TEST_TYPE_INSANITY, NULL));
    return TRUE;
}

static gboolean on_multi(TTestThriftTestIf *self, TTestXtruct **out, const gint8 arg0,
                         const gint32 arg1, const gint64 arg2, const GHashTable *arg3,
                         const TTestNumberz arg4, const TTestUserId arg5, GError **error)
{
    (void)self, (void)arg3, (void)arg4, (void)arg5, (void)error;
    g_object_set(*out, "string_thing", "Hello2", "byte_thing", arg0, "i32_thing", arg1, "i64_thing",
                 arg2, NULL);
    return TRUE;
}

/* ---- methods that throw: FALSE, with the exception or an error ---- */

static gboolean throw_xception(TTestXception **out, const gchar *message)
{
    *out = g_object_new(T_TEST_TYPE_XCEPTION, "errorCode", 1001, "message", message, NULL);
    return FALSE;
}

static gboolean on_exception(TTestThriftTestIf *self, const gchar *arg, TTestXception **err1,
                             GError **error)
{
    (void)self;
    if (strcmp(arg, "Xception") == 0) {
        return throw_xception(err1, arg);
    }
    if (strcmp(arg, "TException") == 0) {
        g_set_error(error, THRIFT_APPLICATION_EXCEPTION_ERROR,
                    THRIFT_APPLICATION_EXCEPTION_ERROR_UNKNOWN, "something undeclared");
        return FALSE;
    }
    return TRUE;
}

static gboolean on_multi_exception(TTestThriftTestIf *self, TTestXtruct **out, const gchar *arg0,
                                   const gchar *arg1, TTestXception **err1, TTestXception2 **err2,
                                   GError **error)
{
    TTestXtruct *thing;

    (void)self, (void)error;
    if (strcmp(arg0, "Xception") == 0) {
        return throw_xception(err1, "This is an Xception");
    }
    if (strcmp(arg0, "Xception2") == 0) {
        thing = g_object_new(T_TEST_TYPE_XTRUCT, "string_thing", "This is an Xception2", NULL);
        *err2 = g_object_new(T_TEST_TYPE_XCEPTION2, "errorCode", 2002, "struct_thing", thing, NULL);
        g_object_unref(thing);
        return FALSE;
    }
    g_object_set(*out, "string_thing", arg1, NULL);
    return TRUE;
}

static gboolean on_oneway(TTestThriftTestIf *self, const gint32 seconds, GError **error)
{
    (void)self, (void)seconds, (void)error;
    return TRUE;
}

/* ---- the two classes ---- */

typedef TTestThriftTestHandler FirstHandler;
typedef TTestThriftTestHandlerClass FirstHandlerClass;
G_DEFINE_TYPE(FirstHandler, first_handler, T_TEST_TYPE_THRIFT_TEST_HANDLER)

static void first_handler_init(FirstHandler *self) { (void)self; }

static void first_handler_class_init(FirstHandlerClass *class)
{
    class->test_void = on_void;
    class->test_string = on_string;
    class->test_bool = on_bool;
    class->test_byte = on_byte;
    class->test_i32 = on_i32;
    class->test_i64 = on_i64;
    class->test_double = on_double;
    class->test_binary = on_binary;
    class->test_struct = on_struct;
    class->test_nest = on_nest;
    class->test_map = on_map;
    class->test_string_map = on_string_map;
    class->test_set = on_set;
    class->test_list = on_list;
    class->test_enum = on_enum;
    class->test_typedef = on_typedef;
    class->test_map_map = on_map_map;
    class->test_insanity = on_insanity;
    class->test_multi = on_multi;
    class->test_exception = on_exception;
    class->test_multi_exception = on_multi_exception;
    class->test_oneway = on_oneway;
}

typedef TTestSecondServiceHandler SecondHandler;
typedef TTestSecondServiceHandlerClass SecondHandlerClass;
G_DEFINE_TYPE(SecondHandler, second_handler, T_TEST_TYPE_SECOND_SERVICE_HANDLER)

static gboolean on_second(TTestSecondServiceIf *self, gchar **out, const gchar *thing,
                          GError **error)
{
    (void)self, (void)error;
    *out = g_strdup_printf("testString(\"%s\")", thing);
    return TRUE;
}

static void second_handler_init(SecondHandler *self) { (void)self; }

static void second_handler_class_init(SecondHandlerClass *class)
{
    class->secondtest_string = on_second;
}
