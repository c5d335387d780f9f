/*
 * Two texts as a unified diff.
 */
#ifndef TOOL_LINE_DIFF_H
#define TOOL_LINE_DIFF_H

#include <stddef.h>
#include <stdio.h>

/* Prints nothing when they are equal. Linear for texts that differ in blanks, as formatted ones do:
 * where too much differs, a run of lines is replaced as a whole. */
void line_diff_print(FILE *to, const char *path, const char *before, size_t before_size,
                     const char *after, size_t after_size);

#endif
