/*
 * Reading a file of a revision: `git cat-file blob REVISION:path`, one process per file.
 */
#include "git_source.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define MARK "git:"
#define SIZE_MOST ((size_t)32 << 20)

extern char **environ;

bool git_source_init(struct git_source *git, const char *path)
{
    const char *colon;
    size_t size;

    if (strncmp(path, MARK, strlen(MARK)) != 0) {
        return false;
    }
    colon = strchr(path + strlen(MARK), ':');
    size = colon != NULL ? (size_t)(colon - path) + 1 : 0;
    if (size == 0 || size >= sizeof git->prefix) {
        return false;
    }
    memcpy(git->prefix, path, size);
    git->prefix[size] = '\0';
    return true;
}

static thrift_status fail(thrift_error *err, const char *path, const char *reason)
{
    if (err != NULL) {
        thrift_error_clear(err);
        err->code = THRIFT_E_IO;
        snprintf(err->source, sizeof err->source, "%s", path);
        snprintf(err->message, sizeof err->message, "%s", reason);
    }
    return THRIFT_E_IO;
}

/* Takes "./" and "name/../" out, which git does not know inside of a revision. In place. */
static void normalize(char *path)
{
    char *to = path;

    for (const char *from = path; *from != '\0';) {
        size_t size = strcspn(from, "/");
        bool up = size == 2 && memcmp(from, "..", 2) == 0;
        char *last = to;

        while (last > path && (last == to || last[-1] != '/')) {
            last--;
        }
        if (up && to > path && strncmp(last, "../", 3) != 0) {
            to = last;
        } else if (size != 1 || *from != '.') {
            memmove(to, from, size);
            to += size;
            if (from[size] == '/') {
                *to++ = '/';
            }
        }
        from += size + (from[size] == '/');
    }
    *to = '\0';
}

/* "REVISION:path", malloc'ed. */
static char *object_name(const struct git_source *git, const char *path)
{
    const char *revision = git->prefix + strlen(MARK);
    size_t prefix = strlen(git->prefix), revision_size = strlen(revision), size;
    char *name;

    if (strncmp(path, git->prefix, prefix) == 0) {
        path += prefix;
    }
    size = strlen(path);
    name = malloc(revision_size + size + 1);
    if (name != NULL) {
        memcpy(name, revision, revision_size);
        memcpy(name + revision_size, path, size + 1);
        normalize(name + revision_size);
    }
    return name;
}

/* Starts git with its output in *out_fd; 0, or the number of what failed. */
static int start(char *object, int *out_fd, pid_t *out_child)
{
    char git[] = "git", command[] = "cat-file", type[] = "blob";
    char *arguments[] = {git, command, type, object, NULL};
    posix_spawn_file_actions_t actions;
    int ends[2], failure;

    if (pipe(ends) != 0) {
        return errno;
    }
    failure = posix_spawn_file_actions_init(&actions);
    if (failure == 0) {
        posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
        posix_spawn_file_actions_addclose(&actions, ends[0]);
        posix_spawn_file_actions_addclose(&actions, ends[1]);
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
        posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
        failure = posix_spawnp(out_child, "git", &actions, NULL, arguments, environ);
        posix_spawn_file_actions_destroy(&actions);
    }
    close(ends[1]);
    if (failure != 0) {
        close(ends[0]);
    }
    *out_fd = ends[0];
    return failure;
}

/* All that comes, NUL-terminated; NULL when it is too much or there is no memory. */
static char *read_all(int fd, size_t *out_size)
{
    size_t size = 0, capacity = 64 * 1024;
    char *text = malloc(capacity), *larger;

    while (text != NULL) {
        ssize_t count = read(fd, text + size, capacity - size - 1);

        if (count == 0) {
            text[size] = '\0';
            *out_size = size;
            return text;
        }
        if (count < 0 && errno == EINTR) {
            continue;
        }
        size += count > 0 ? (size_t)count : 0;
        if (count < 0 || size > SIZE_MOST) {
            break;
        }
        if (capacity - size < 2) {
            larger = realloc(text, capacity * 2);
            if (larger == NULL) {
                break;
            }
            text = larger;
            capacity *= 2;
        }
    }
    free(text);
    return NULL;
}

thrift_status git_source_read(const struct git_source *git, const char *path, char **out_text,
                              size_t *out_size, thrift_error *err)
{
    char *object = object_name(git, path), *text;
    int fd = -1, status = 0, failure;
    pid_t child = 0;

    if (object == NULL) {
        return fail(err, path, "out of memory");
    }
    if (*object == '-' || *object == ':') {
        free(object);
        return fail(err, path, "this is no revision");
    }
    failure = start(object, &fd, &child);
    free(object);
    if (failure != 0) {
        return fail(err, path, failure == ENOENT ? "git is not installed" : "git cannot be run");
    }
    text = read_all(fd, out_size);
    close(fd);
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    if (text == NULL || !WIFEXITED(status) || WEXITSTATUS(status) != 0) {
        free(text);
        return fail(err, path, text == NULL ? "the file is too large" : "git has no such file");
    }
    *out_text = text;
    return THRIFT_OK;
}
