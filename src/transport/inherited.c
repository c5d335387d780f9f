/*
 * The environment of socket activation, and what its descriptors are.
 */
#include "transport/inherited.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/error.h"

/* A number and nothing else; -1 if it is none. */
static long number_of(const char *text)
{
    long number = 0;

    if (text == NULL || *text == '\0') {
        return -1;
    }
    for (; *text >= '0' && *text <= '9' && number < INT32_MAX / 10; text++) {
        number = number * 10 + (*text - '0');
    }
    return *text == '\0' ? number : -1;
}

/* The i-th of names between colons is `name`. */
static bool is_named(const char *names, int i, const char *name)
{
    size_t size;

    for (; names != NULL && i > 0; i--) {
        names = strchr(names, ':');
        names = names != NULL ? names + 1 : NULL;
    }
    if (names == NULL) {
        return false;
    }
    size = strcspn(names, ":");
    return size == strlen(name) && memcmp(names, name, size) == 0;
}

int inherited_sockets(const char *name, int out_fds[INHERITED_MOST])
{
    const char *names = getenv("LISTEN_FDNAMES");
    long count = number_of(getenv("LISTEN_FDS"));
    int found = 0;

    if (number_of(getenv("LISTEN_PID")) != (long)getpid() || count < 0) {
        return 0;
    }
    for (int i = 0; i < count && found < INHERITED_MOST; i++) {
        if (name[0] == '\0' || is_named(names, i, name)) {
            out_fds[found++] = INHERITED_FIRST + i;
        }
    }
    return found;
}

static int option_of(int fd, int name)
{
    int value = -1;
    socklen_t size = sizeof value;

    return getsockopt(fd, SOL_SOCKET, name, &value, &size) == 0 ? value : -1;
}

thrift_status inherited_prepare(int fd, bool *out_datagrams, thrift_error *err)
{
    int type = option_of(fd, SO_TYPE), flags = fcntl(fd, F_GETFL);

    if (type != SOCK_DGRAM && (type != SOCK_STREAM || option_of(fd, SO_ACCEPTCONN) != 1)) {
        return FAIL(err, THRIFT_E_ARGUMENT,
                    "descriptor %d is neither a listening socket nor one for datagrams", fd);
    }
    if (flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) < 0 ||
        fcntl(fd, F_SETFD, FD_CLOEXEC) < 0) {
        return error_set_errno(err, THRIFT_E_IO, errno, "descriptor %d", fd);
    }
    *out_datagrams = type == SOCK_DGRAM;
    return THRIFT_OK;
}
