/*
 * The command's sub-commands: one file each, one line each in main.c.
 *
 * Data goes to stdout, talk to stderr. Only installed headers are used.
 */
#ifndef RETHRIFT_COMMAND_H
#define RETHRIFT_COMMAND_H

#include <rethrift/schema.h>

enum exit_code {
    EXIT_OK = 0,
    EXIT_FAILED = 1, /* a file that is named cannot be read; no memory */
    EXIT_USAGE = 2,
    EXIT_FINDINGS = 3 /* at least one error in a definition, or in bytes */
};

struct command {
    const char *name;
    const char *arguments; /* behind the name, in the usage line */
    const char *summary;   /* one line */
    /* argv[0] is the name; getopt starts afresh. Returns an exit code. */
    int (*run)(int argc, char **argv);
};

extern const struct command check_command;
extern const struct command convert_command;
extern const struct command decode_command;
extern const struct command describe_command;
extern const struct command diff_command;
extern const struct command encode_command;
extern const struct command format_command;

/* "rethrift NAME: message" and how to get help; returns EXIT_USAGE. */
int usage_error(const char *name, const char *format, ...) THRIFT_PRINTF(2, 3);

/* A growing, NULL-terminated list of words, for -I. */
struct words {
    const char **items;
    size_t count;
};
bool words_add(struct words *words, const char *word);
void words_free(struct words *words);

/* `"text"` as JSON; "null" for NULL. Bytes that are not UTF-8 become U+FFFD. */
void json_write_string(FILE *to, const char *text);

#endif
