/* The service of idl/userservice.thrift in plain C, for the server and the client. */
#ifndef USERS_H
#define USERS_H

#include <rethrift/native.h>

struct user {
    int32_t id;
    const char *name, *email; /* email NULL: none */
};
THRIFT_NATIVE(user_native, struct user, "User", id, name, email);

#define USER_SERVICE(METHOD)                                                                       \
    METHOD(getUser, thrift_call *, int32_t, struct user *)                                         \
    METHOD(createUser, thrift_call *, const struct user *)                                         \
    METHOD(updateUser, thrift_call *, const struct user *)                                         \
    METHOD(deleteUser, thrift_call *, int32_t)
THRIFT_SERVICE(user_service, "UserService", USER_SERVICE, &user_native);

#endif
