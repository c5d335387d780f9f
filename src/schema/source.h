/*
 * One file being loaded: its text, and where in it things stand.
 */
#ifndef SCHEMA_SOURCE_H
#define SCHEMA_SOURCE_H

#include "schema/descriptor.h"

struct ast_file;

struct source {
    const char *path; /* as named by the program or the include */
    const char *key;  /* what tells it from other files: the real path */
    const char *prefix;
    const char *text; /* NUL-terminated behind `size` */
    size_t size;
    char *owned_text; /* malloc'ed by the reader until the schema takes it over */
    size_t index;     /* root: 0, then in the order of first inclusion */
    bool quotable;    /* its bytes may stand in messages: the name ends in ".thrift" */
    bool loading;     /* the file, or one that it includes, is being read */
    struct ast_file *ast;
    struct schema_file *file;    /* what becomes of it */
    struct name_map definitions; /* types and services: name -> struct definition * */
    struct name_map constants;
    struct name_map prefixes; /* what includes are called by: name -> struct ast_include * */
};

/* A piece of one line. `size` may be 0; lines and columns count from 1, columns in bytes. */
struct span {
    const struct source *source;
    uint32_t line, column, size;
};

/* The line of a span for people: printable, at most EXCERPT_SIZE bytes around the span, tabs kept.
 * `at` must be the beginning of the line. Returns its size; *out_caret is where the span begins. */
#define EXCERPT_SIZE 160
size_t source_excerpt(const struct source *source, const char *at, uint32_t column,
                      char out[EXCERPT_SIZE], uint32_t *out_caret);

/* "shared" of "../idl/shared.thrift": everything behind the last slash without a ".thrift". */
const char *source_prefix(struct arena *arena, const char *path);
bool source_is_thrift(const char *path);

#endif
