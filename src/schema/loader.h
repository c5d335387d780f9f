/*
 * From a file's name to the syntax trees of it and of everything it includes.
 */
#ifndef SCHEMA_LOADER_H
#define SCHEMA_LOADER_H

#include "schema/ast.h"
#include "schema/finding.h"
#include "schema/schema.h"

struct loader {
    thrift_schema *schema;
    thrift_load_options options;
    struct arena *keep; /* the schema's */
    struct arena scratch;
    struct findings findings;
    struct source **sources; /* root first */
    size_t count, capacity;
    struct name_map by_key;
    size_t total_size;
    char *root; /* real path of options.root, malloc'ed; NULL: none */
};

/* Reads and parses the root (`text` NULL: from the file `name`) and its includes. Mistakes are
 * among the findings; a failure is one to read the root, or no memory. */
thrift_status loader_read_all(struct loader *loader, const char *name, const char *text,
                              thrift_error *err);

#endif
