/*
 * A service in plain C: structs, functions, and every kind of parameter and result.
 */
#ifndef NATIVE_USERS_H
#define NATIVE_USERS_H

#include <rethrift/native.h>
#include <string.h>

static const char idl[] =
    "struct User { 1: required i32 id, 2: string name, 3: optional string email }\n"
    "exception NotFound { 1: i32 id, 2: string why }\n"
    "exception Denied { 1: string why }\n"
    "enum Order { UP = 1, DOWN = 2 }\n"
    "struct Tally { 1: map<string, i32> counts }\n"
    "service Base { string version() }\n"
    "service Users extends Base {\n"
    "  User get(1: i32 id) throws (1: NotFound missing, 2: Denied denied),\n"
    "  void put(1: User user),\n"
    "  i32 sum(1: bool b, 2: i8 i8, 3: i16 i16, 4: i32 i32, 5: i64 i64, 6: double d, 7: Order o),\n"
    "  string join(1: string a, 2: binary b),\n"
    "  list<User> all(1: list<i32> ids),\n"
    "  uuid same(1: uuid id),\n"
    "  oneway void fire(1: string text),\n"
    "  User find(1: User like),\n"
    "  map<string, i32> tally(1: list<User> users)\n"
    "}\n";

struct user {
    int32_t id;
    const char *name, *email;
};
THRIFT_NATIVE(user_native, struct user, "User", id, name, email);

struct not_found {
    int32_t id;
    const char *why;
};
THRIFT_NATIVE(not_found_native, struct not_found, "NotFound", id, why);

struct user_list {
    struct user *items;
    size_t count;
};
THRIFT_NATIVE_TABLE(user_list_native, struct user_list, "list<User>",
                    THRIFT_STRUCTS_MEMBER(struct user_list, items, count, struct user,
                                          &user_native));

struct number_list {
    int32_t *items;
    size_t count;
};
THRIFT_NATIVE_TABLE(number_list_native, struct number_list, "list<i32>",
                    THRIFT_LIST_MEMBER(struct number_list, items, count));

enum order { UP = 1, DOWN = 2 };

#define USERS(METHOD)                                                                              \
    METHOD(version, thrift_call *, const char **)                                                  \
    METHOD(get, thrift_call *, int32_t, struct user *)                                             \
    METHOD(put, thrift_call *, const struct user *)                                                \
    METHOD(sum, thrift_call *, bool, int8_t, int16_t, int32_t, int64_t, double, enum order,        \
           int32_t *)                                                                              \
    METHOD(join, thrift_call *, const char *, thrift_bytes, char **)                               \
    METHOD(all, thrift_call *, const struct number_list *, struct user_list *)                     \
    METHOD(same, thrift_call *, thrift_uuid, thrift_uuid *)                                        \
    METHOD(fire, thrift_call *, const char *)                                                      \
    METHOD(find, thrift_call *, const thrift_record *, const thrift_record **)                     \
    METHOD(tally, thrift_call *, const thrift_list *, thrift_map **)
THRIFT_SERVICE(users, "Users", USERS, &user_native, &not_found_native, &user_list_native,
               &number_list_native);

struct seen {
    struct user put;
    char text[32];
};

static thrift_status version(thrift_call *call, const char **out)
{
    *out = thrift_call_context(call) != NULL ? "1" : NULL;
    return THRIFT_OK;
}

static thrift_status get(thrift_call *call, int32_t id, struct user *out)
{
    switch (id) {
    case 404:
        return thrift_throw_native(call, &not_found_native, &(struct not_found){id, "not here"});
    case 403:
        return thrift_throw(call, "Denied", "why", "because");
    case 500:
        return thrift_fail(call, "no user %d", id);
    case 501:
        return thrift_throw_native(call, &user_native, out);
    case 502:
        return THRIFT_E_IO;
    default:
        *out = (struct user){id, thrift_call_strdup(call, "Ada"), NULL};
        return THRIFT_OK;
    }
}

static thrift_status put(thrift_call *call, const struct user *user)
{
    struct seen *seen = thrift_call_context(call);

    seen->put = *user;
    return user->name != NULL && strcmp(user->name, "Ada") == 0 ? THRIFT_OK : THRIFT_E_ARGUMENT;
}

static thrift_status sum(thrift_call *call, bool b, int8_t i8, int16_t i16, int32_t i32,
                         int64_t i64, double d, enum order o, int32_t *out)
{
    (void)call;
    *out = b + i8 + i16 + i32 + (int32_t)i64 + (int32_t)d + (int32_t)o;
    return THRIFT_OK;
}

static thrift_status join(thrift_call *call, const char *a, thrift_bytes b, char **out)
{
    size_t size = strlen(a);
    char *text = thrift_call_alloc(call, size + b.size + 1);

    memcpy(text, a, size);
    memcpy(text + size, b.data, b.size);
    text[size + b.size] = '\0';
    *out = text;
    return THRIFT_OK;
}

static thrift_status all(thrift_call *call, const struct number_list *ids, struct user_list *out)
{
    out->items = thrift_call_alloc(call, (ids->count + 1) * sizeof *out->items);
    for (size_t i = 0; i < ids->count; i++) {
        out->items[out->count++] = (struct user){ids->items[i], "one", "of@all"};
    }
    return THRIFT_OK;
}

static thrift_status same(thrift_call *call, thrift_uuid id, thrift_uuid *out)
{
    (void)call;
    *out = id;
    return THRIFT_OK;
}

static thrift_status fire(thrift_call *call, const char *text)
{
    struct seen *seen = thrift_call_context(call);

    (void)snprintf(seen->text, sizeof seen->text, "%s", text);
    return THRIFT_OK;
}

static thrift_status find(thrift_call *call, const thrift_record *like, const thrift_record **out)
{
    int32_t id = thrift_get_i32(like, "id");
    thrift_record *found =
        id != 404 ? thrift_call_record(call, id == 500 ? "Nobody" : "User") : NULL;

    thrift_set(found, "id", id + 1, "name", thrift_get_string(like, "name"));
    *out = found;
    return THRIFT_OK;
}

static thrift_status tally(thrift_call *call, const thrift_list *users, thrift_map **out)
{
    *out = thrift_open_map(thrift_call_record(call, "Tally"), "counts");
    for (size_t i = 0; i < thrift_list_count(users); i++) {
        const char *name = thrift_get_string(thrift_list_record(users, i), "name");
        int32_t before = thrift_as_i32(thrift_map_find(*out, THRIFT_VALUE(name)));

        thrift_map_put(*out, name, before + 1);
    }
    return THRIFT_OK;
}

static const struct users functions = {version, get, put, sum, join, all, same, fire, find, tally};

#endif
