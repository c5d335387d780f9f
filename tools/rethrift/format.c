/*
 * rethrift format: definitions laid out alike.
 */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <rethrift/print.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "command.h"
#include "line_diff.h"

static const char usage[] =
    "usage: rethrift format [-w|-d|-l] FILE...\n"
    "\n"
    "Lays definitions out alike. Comments, order and meaning stay as they are;\n"
    "formatting a second time changes nothing. FILE \"-\" is the standard input.\n"
    "\n"
    "  rethrift format user.thrift            print it\n"
    "  rethrift format -w idl/*.thrift        write the files that change\n"
    "  rethrift format -d idl/*.thrift        show what would change\n"
    "\n"
    "  -w, --write  write changed files back\n"
    "  -d, --diff   print differences; exit status 3 when there are any\n"
    "  -l, --list   print names of files that would change; status as with -d\n"
    "  -h, --help   this text\n"
    "\n"
    "Exit status: 0 done, 1 a file cannot be read or written, 2 usage, 3 a file\n"
    "is not valid, or would change (-d, -l).\n";

enum action { ACTION_PRINT, ACTION_WRITE, ACTION_DIFF, ACTION_LIST };

static const struct option long_options[] = {
    {"write", no_argument, NULL, 'w'},
    {"diff", no_argument, NULL, 'd'},
    {"list", no_argument, NULL, 'l'},
    {"help", no_argument, NULL, 'h'},
    {NULL, 0, NULL, 0},
};

/* ---- files ---- */

#define SIZE_MOST ((size_t)32 << 20)

static int complain(const char *path, const char *what)
{
    fprintf(stderr, "%s: error: %s: %s\n", path, what, strerror(errno));
    return EXIT_FAILED;
}

/* The whole stream, NUL-terminated; NULL with errno set. */
static char *read_stream(FILE *file, size_t *out_size)
{
    size_t size = 0, capacity = 64 * 1024;
    char *text = malloc(capacity);

    while (text != NULL) {
        char *larger;

        size += fread(text + size, 1, capacity - size - 1, file);
        if (size < capacity - 1) {
            text[size] = '\0';
            *out_size = size;
            break;
        }
        larger = size <= SIZE_MOST ? realloc(text, capacity *= 2) : NULL;
        if (larger == NULL) {
            free(text);
            errno = size > SIZE_MOST ? EFBIG : ENOMEM;
        }
        text = larger;
    }
    if (text != NULL && ferror(file)) {
        free(text);
        return NULL;
    }
    return text;
}

static char *read_file(const char *path, size_t *out_size)
{
    struct stat about;
    FILE *file;
    char *text;

    if (strcmp(path, "-") == 0) {
        return read_stream(stdin, out_size);
    }
    if (stat(path, &about) == 0 && !S_ISREG(about.st_mode)) {
        errno = S_ISDIR(about.st_mode) ? EISDIR : EINVAL;
        return NULL;
    }
    file = fopen(path, "rb");
    if (file == NULL) {
        return NULL;
    }
    text = read_stream(file, out_size);
    fclose(file);
    return text;
}

/* Written beside it and renamed, so that nobody ever sees half a file. */
static int replace_file(const char *path, const thrift_buffer *text)
{
    size_t size = strlen(path) + sizeof ".XXXXXX";
    struct stat about;
    char *name = malloc(size);
    int fd = -1, status = EXIT_FAILED;
    FILE *file = NULL;

    if (name == NULL) {
        return complain(path, "cannot be written");
    }
    snprintf(name, size, "%s.XXXXXX", path);
    fd = mkstemp(name);
    if (fd >= 0 && stat(path, &about) == 0 && fchmod(fd, about.st_mode & 07777) == 0) {
        file = fdopen(fd, "wb");
    }
    if (file != NULL) {
        bool ok = fwrite(text->data, 1, text->size, file) == text->size;

        ok = fclose(file) == 0 && ok;
        fd = -1;
        status = ok && rename(name, path) == 0 ? EXIT_OK : EXIT_FAILED;
    }
    if (status != EXIT_OK) {
        complain(path, "cannot be written");
        unlink(name);
    }
    if (fd >= 0) {
        close(fd);
    }
    free(name);
    return status;
}

/* ---- one file ---- */

static void print_error(const thrift_finding *finding, void *file)
{
    if (finding->severity == THRIFT_FINDING_ERROR) {
        thrift_finding_print(finding, file);
    }
}

static int deliver(const char *path, const char *before, size_t size, const thrift_buffer *after,
                   enum action action)
{
    bool changed = size != after->size || memcmp(before, after->data, size) != 0;

    switch (action) {
    case ACTION_WRITE:
        return !changed                 ? EXIT_OK
               : strcmp(path, "-") == 0 ? usage_error("format", "-w needs a file")
                                        : replace_file(path, after);
    case ACTION_DIFF:
        if (changed) {
            line_diff_print(stdout, path, before, size, (const char *)after->data, after->size);
        }
        return changed ? EXIT_FINDINGS : EXIT_OK;
    case ACTION_LIST:
        if (changed) {
            puts(path);
        }
        return changed ? EXIT_FINDINGS : EXIT_OK;
    case ACTION_PRINT:
    default:
        fwrite(after->data, 1, after->size, stdout);
        return EXIT_OK;
    }
}

static int format_file(const char *path, enum action action)
{
    thrift_buffer after = THRIFT_BUFFER_INIT;
    thrift_error err = THRIFT_ERROR_INIT;
    size_t size = 0;
    char *before = read_file(path, &size);
    int status;

    if (before == NULL) {
        return complain(path, "cannot be read");
    }
    if (thrift_format_text(path, before,
                           THRIFT_LOAD_OPTIONS(.on_finding = print_error, .data = stderr), &after,
                           &err) != THRIFT_OK) {
        status = err.code == THRIFT_E_NOMEM ? EXIT_FAILED : EXIT_FINDINGS;
    } else {
        status = deliver(path, before, size, &after, action);
    }
    thrift_buffer_deinit(&after);
    free(before);
    return status;
}

/* ---- the command ---- */

static int run_format(int argc, char **argv)
{
    enum action action = ACTION_PRINT;
    int option, status = EXIT_OK;

    opterr = 0;
    while ((option = getopt_long(argc, argv, "wdlh", long_options, NULL)) != -1) {
        switch (option) {
        case 'w':
            action = ACTION_WRITE;
            break;
        case 'd':
            action = ACTION_DIFF;
            break;
        case 'l':
            action = ACTION_LIST;
            break;
        case 'h':
            fputs(usage, stdout);
            return EXIT_OK;
        default:
            return usage_error("format", "that option is not known");
        }
    }
    if (optind == argc) {
        return usage_error("format", "no file is given");
    }
    for (int i = optind; i < argc; i++) {
        int one = format_file(argv[i], action);

        /* What could not be done counts more than what was found. */
        status = one == EXIT_FAILED || status == EXIT_OK ? one : status;
    }
    return status;
}

const struct command format_command = {"format", "[-w|-d|-l] FILE...", "lay definitions out alike",
                                       run_format};
