/*
 * Text only: nothing here looks at a file system.
 */
#include "schema/include_path.h"

#define PATH_SIZE_MOST 4000

static char *join(struct arena *arena, const char *directory, size_t size, const char *path)
{
    size_t path_size;
    bool slash = size > 0 && directory[size - 1] != '/';
    char *joined;

    while (path[0] == '.' && path[1] == '/') {
        path += 2;
    }
    path_size = strlen(path);
    joined = arena_alloc_aligned(arena, size + slash + path_size + 1, 1);
    if (joined != NULL) {
        memcpy(joined, directory, size);
        if (slash) {
            joined[size] = '/';
        }
        memcpy(joined + size + slash, path, path_size + 1);
    }
    return joined;
}

char *include_path_beside(struct arena *arena, const char *from, const char *path)
{
    const char *slash = strrchr(from, '/');

    return join(arena, from, slash != NULL ? (size_t)(slash - from) + 1 : 0, path);
}

char *include_path_in(struct arena *arena, const char *directory, const char *path)
{
    return join(arena, directory, strlen(directory), path);
}

/* The end of a path without its last part; `begin` when nothing can be taken back. */
static char *take_back(char *begin, char *to)
{
    char *last = to;

    if (to == begin || to[-1] != '/') {
        return NULL;
    }
    if (to == begin + 1) {
        return to; /* nothing lies above the root */
    }
    last--;
    while (last > begin && last[-1] != '/') {
        last--;
    }
    return to - last == 3 && last[0] == '.' && last[1] == '.' ? NULL : last;
}

char *include_path_tidy(struct arena *arena, const char *path)
{
    char *tidy = arena_alloc_aligned(arena, strlen(path) + 1, 1), *to = tidy;

    if (tidy == NULL) {
        return NULL;
    }
    if (*path == '/') {
        *to++ = '/';
    }
    while (*path != '\0') {
        size_t size = strcspn(path, "/");
        char *back = size == 2 && path[0] == '.' && path[1] == '.' ? take_back(tidy, to) : NULL;

        if (back != NULL) {
            to = back;
        } else if (size > 0 && !(size == 1 && path[0] == '.')) {
            memcpy(to, path, size);
            to += size;
            if (path[size] == '/') {
                *to++ = '/';
            }
        }
        path += size + (path[size] == '/');
    }
    *to = '\0';
    return tidy;
}

static bool is_definition(const char *path)
{
    size_t size = strlen(path), suffix = sizeof ".thrift" - 1;

    return size > suffix && strcmp(path + size - suffix, ".thrift") == 0;
}

const char *include_path_refusal(const char *path)
{
    if (*path == '\0') {
        return "the name of an included file is empty";
    }
    if (*path == '/' && !is_definition(path)) {
        return "an include cannot name an absolute path";
    }
    if (strstr(path, "://") != NULL) {
        return "an include cannot name a URL";
    }
    return strlen(path) > PATH_SIZE_MOST ? "the name of an included file is too long" : NULL;
}

bool include_path_is_inside(const char *path, const char *directory)
{
    size_t size = strlen(directory);

    if (strncmp(path, directory, size) != 0) {
        return false;
    }
    return path[size] == '/' || path[size] == '\0' || (size > 0 && directory[size - 1] == '/');
}
