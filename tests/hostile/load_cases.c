/*
 * Loads hostile definitions and says what each cost: load-cases
 *
 * A line of the standard input is a case: name, path of the file. Lines of the output: measure.h.
 */
#include "measure.h"

#include <sys/stat.h>

static size_t size_of(const char *path)
{
    struct stat info;

    return stat(path, &info) == 0 ? (size_t)info.st_size : 0;
}

static int run_line(char *line)
{
    struct measure m = {.memory = {0}};
    thrift_allocator allocator = failing_allocator_of(&m.memory);
    thrift_error err = THRIFT_ERROR_INIT;
    const char *name = next_field(&line), *path = next_field(&line);
    thrift_schema *schema;

    if (path == NULL) {
        (void)fprintf(stderr, "a case has a name and a path\n");
        return 1;
    }
    measure_begin(&m);
    schema = thrift_load_with(path, THRIFT_LOAD_OPTIONS(.allocator = &allocator), &err);
    measure_print(&m, name, size_of(path), &err);
    thrift_schema_unref(schema);
    if (m.memory.live != 0) {
        (void)fprintf(stderr, "%s: %zu bytes were not given back\n", name, m.memory.live);
    }
    return m.memory.live != 0;
}

int main(void)
{
    char *line = NULL;
    size_t room = 0;
    int status = 0;

    while (status == 0 && getline(&line, &room, stdin) > 0) {
        status = run_line(line);
    }
    free(line);
    return status;
}
