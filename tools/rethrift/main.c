/*
 * rethrift: the command. Finds the sub-command and hands over.
 */
#include <stdarg.h>
#include <string.h>

#include "command.h"

static const struct command *const commands[] = {
    &check_command, &convert_command, &decode_command, &describe_command,
    &diff_command,  &encode_command,  &format_command,
};
#define COMMAND_COUNT (sizeof commands / sizeof commands[0])

static void print_help(FILE *to)
{
    fprintf(to, "usage: rethrift COMMAND [options] ...\n\ncommands:\n");
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        fprintf(to, "  %-10s %s\n", commands[i]->name, commands[i]->summary);
    }
    fprintf(to, "\n'rethrift COMMAND --help' says more about one.\n");
}

int usage_error(const char *name, const char *format, ...)
{
    va_list arguments;

    fprintf(stderr, "rethrift %s: ", name);
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fprintf(stderr, "\n'rethrift %s --help' shows how it is used\n", name);
    return EXIT_USAGE;
}

static bool asks_for_help(const char *word)
{
    return strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0 || strcmp(word, "help") == 0;
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        print_help(stderr);
        return EXIT_USAGE;
    }
    if (asks_for_help(argv[1])) {
        print_help(stdout);
        return EXIT_OK;
    }
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        if (strcmp(commands[i]->name, argv[1]) == 0) {
            return commands[i]->run(argc - 1, argv + 1);
        }
    }
    fprintf(stderr, "rethrift: there is no command '%s'\n", argv[1]);
    print_help(stderr);
    return EXIT_USAGE;
}
