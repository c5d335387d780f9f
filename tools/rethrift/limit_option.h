/*
 * --limit NAME=NUMBER: the limits of definitions, for the sub-commands that load them.
 */
#ifndef TOOL_LIMIT_OPTION_H
#define TOOL_LIMIT_OPTION_H

#include <rethrift/limits.h>

/* Lines for --help. */
#define LIMIT_OPTION_HELP                                                                          \
    "      --limit NAME=N  another limit than the default: max-file-size, in bytes\n"              \
    "                      (33554432), max-definition-size, of all files (134217728),\n"           \
    "                      max-files (1024), max-include-depth (64)\n"

/* false: no such name, or no positive number that fits. */
bool limit_option(thrift_limits *limits, const char *text);

#endif
