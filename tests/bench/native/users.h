/* The service of idl/users.thrift in plain C. */
#ifndef BENCH_USERS_H
#define BENCH_USERS_H

#include <rethrift/native.h>

struct user {
    int32_t id;
    const char *name, *email;
};
THRIFT_NATIVE(user_native, struct user, "User", id, name, email);

#define USERS(METHOD) METHOD(echo, thrift_call *, const struct user *, struct user *)
THRIFT_SERVICE(users, "Users", USERS, &user_native);

#endif
