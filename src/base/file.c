/*
 * The default file reader.
 *
 * O_NONBLOCK keeps a FIFO from blocking the open; fstat on what was opened, not on the name, says
 * whether it is a regular file (hostile input H12).
 */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"

static thrift_status check_file(int fd, const char *path, size_t max_size, size_t *out_size,
                                thrift_error *err)
{
    struct stat about;

    if (fstat(fd, &about) < 0) {
        return error_set_errno(err, THRIFT_E_IO, errno, "%s cannot be examined", path);
    }
    if (!S_ISREG(about.st_mode)) {
        return FAIL(err, THRIFT_E_IO, "%s is not a regular file", path);
    }
    if ((uintmax_t)about.st_size > max_size) {
        return FAIL(err, THRIFT_E_LIMIT, "%s has more than %zu bytes", path, max_size);
    }
    *out_size = (size_t)about.st_size;
    return THRIFT_OK;
}

/* Reads to the end: a file may have grown or shrunk since it was examined. */
static thrift_status read_all(int fd, const char *path, size_t max_size, size_t capacity,
                              char **out_text, size_t *out_size, thrift_error *err)
{
    char *text = malloc(capacity + 1);
    size_t size = 0;

    while (text != NULL) {
        ssize_t got = read(fd, text + size, capacity + 1 - size);

        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            int reason = errno;

            free(text);
            return error_set_errno(err, THRIFT_E_IO, reason, "%s cannot be read", path);
        }
        size += (size_t)got;
        if (got == 0) {
            text[size] = '\0';
            *out_text = text;
            *out_size = size;
            return THRIFT_OK;
        }
        if (size > max_size) {
            free(text);
            return FAIL(err, THRIFT_E_LIMIT, "%s has more than %zu bytes", path, max_size);
        }
        if (size > capacity) {
            char *more = realloc(text, 2 * capacity + 2);

            if (more == NULL) {
                free(text);
            }
            text = more;
            capacity = 2 * capacity + 1;
        }
    }
    return FAIL_NOMEM(err);
}

thrift_status file_read(const char *path, size_t max_size, char **out_text, size_t *out_size,
                        thrift_error *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    size_t size = 0;
    thrift_status status;

    if (fd < 0) {
        return error_set_errno(err, THRIFT_E_IO, errno, "%s cannot be opened", path);
    }
    status = check_file(fd, path, max_size, &size, err);
    if (status == THRIFT_OK) {
        status = read_all(fd, path, max_size, size, out_text, out_size, err);
    }
    (void)close(fd);
    return status;
}

void file_release(char *text) { free(text); }

char *file_text(const void *bytes, size_t size)
{
    char *text = malloc(size + 1);

    if (text != NULL) {
        if (size > 0) {
            memcpy(text, bytes, size);
        }
        text[size] = '\0';
    }
    return text;
}

thrift_status file_real_path(const char *path, char **out, thrift_error *err)
{
    char *real = realpath(path, NULL);

    if (real == NULL) {
        return error_set_errno(err, errno == ENOMEM ? THRIFT_E_NOMEM : THRIFT_E_IO, errno,
                               "%s cannot be opened", path);
    }
    *out = real;
    return THRIFT_OK;
}
