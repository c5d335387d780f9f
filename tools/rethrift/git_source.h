/*
 * Definitions at a revision of git: "git:REVISION:path", and what they include, from the same one.
 */
#ifndef TOOL_GIT_SOURCE_H
#define TOOL_GIT_SOURCE_H

#include <rethrift/schema.h>

#define GIT_PREFIX_SIZE 256

struct git_source {
    char prefix[GIT_PREFIX_SIZE]; /* "git:REVISION:" */
};

/* false: `path` names no revision. */
bool git_source_init(struct git_source *git, const char *path);

/* What thrift_read_fn asks for. `path` may or may not begin with the prefix. git runs without a
 * shell. E_IO when git is missing or knows no such file, or the revision would be an option. */
thrift_status git_source_read(const struct git_source *git, const char *path, char **out_text,
                              size_t *out_size, thrift_error *err);

#endif
