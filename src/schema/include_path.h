/*
 * Names of files: joining, tidying, and which ones an include may name.
 */
#ifndef SCHEMA_INCLUDE_PATH_H
#define SCHEMA_INCLUDE_PATH_H

#include "base/arena.h"

/* "dir/of/from/" + path, without "./"; `from` is a file. NULL when there is no memory. */
char *include_path_beside(struct arena *arena, const char *from, const char *path);
char *include_path_in(struct arena *arena, const char *directory, const char *path);
/* "a/./b/../c" as "a/c": what tells files apart when there is no real path to ask for. */
char *include_path_tidy(struct arena *arena, const char *path);
/* Why no include may name it, or NULL. An absolute path to a definition is let through: it is never
 * opened, but real files name one. */
const char *include_path_refusal(const char *path);
/* `path` lies in `directory`; both are real paths. */
bool include_path_is_inside(const char *path, const char *directory);

#endif
