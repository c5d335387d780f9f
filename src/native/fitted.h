/*
 * Fitted method: one method of a list, verified against one definition of a client. Counted, since
 * the definition may be switched while a call goes on. Immutable. Threads: any.
 */
#ifndef NATIVE_FITTED_H
#define NATIVE_FITTED_H

#include <rethrift/native.h>

#include "base/reference.h"
#include "rpc/client_definition.h"
#include "rpc/native_method.h"

struct fitted_method {
    struct reference reference;
    thrift_allocator allocator;
    thrift_schema *schema; /* a reference */
    uint64_t number;       /* of the definition, as the client counts them */
    struct arena arena;
    struct native_method method; /* all but invoke */
    thrift_error err;            /* its code is not THRIFT_OK: it does not fit, and why */
};

/* Method `i` of the list by the definition in use. That it does not fit is no failure. NULL:
 * E_NOMEM. */
struct fitted_method *fitted_method_new(const thrift_native_service *list, size_t i,
                                        const struct definition_in_use *in_use,
                                        const thrift_allocator *allocator, thrift_error *err);
void fitted_method_unref(struct fitted_method *fitted); /* NULL allowed */

/* The list's service in the definition in use; NULL: it has none of that name. */
const thrift_service *fitted_service(const struct definition_in_use *in_use,
                                     const thrift_native_service *list);

#endif
