/*
 * Loading definitions for the sub-commands: include directories, findings on stderr, exit status.
 */
#ifndef TOOL_DEFINITION_H
#define TOOL_DEFINITION_H

#include "command.h"

/*
 * Loads `path`, a file or git:REVISION:path. Errors go to stderr; warnings do, too, when `warnings`
 * is set. On NULL *out_status is the status to exit with: 3 when the definition is at fault, 1 when
 * it cannot be read.
 */
thrift_schema *definition_load(const char *path, const struct words *dirs, bool warnings,
                               int *out_status);

/* "shared" of "../idl/shared.thrift", in `out`; cut when it does not fit. */
#define PREFIX_SIZE 256
const char *definition_prefix(const char *path, char out[PREFIX_SIZE]);

#endif
