/*
 * Options structs from programs: they may be NULL, or from an older header and therefore shorter.
 */
#ifndef RPC_OPTIONS_H
#define RPC_OPTIONS_H

#include <string.h>

/* Copies what is there; the rest of *to is zero, which means default. */
#define OPTIONS_COPY(to, given)                                                                    \
    options_copy((to), sizeof *(to), (given), (given) != NULL ? (given)->struct_size : 0)

static inline void options_copy(void *to, size_t size, const void *given, size_t given_size)
{
    memset(to, 0, size);
    if (given != NULL) {
        memcpy(to, given, given_size < size ? given_size : size);
    }
}

#endif
