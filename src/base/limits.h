/*
 * Limits in force: what the program gave, with every zero replaced by its default.
 */
#ifndef BASE_LIMITS_H
#define BASE_LIMITS_H

#include <rethrift/limits.h>

/* `given` may be NULL, from an older header and therefore shorter (struct_size),
 * or without a size of its own inside options that have one. */
thrift_limits limits_in_force(const thrift_limits *given);

/* What limits_in_force(NULL) gives. */
extern const thrift_limits limits_default;

#endif
