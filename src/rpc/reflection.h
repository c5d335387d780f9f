/*
 * Reflection: the server as a service, defined by idl/reflection.thrift.
 *
 * Its handlers run on the loops like all others and see the generation of their call.
 */
#ifndef RPC_REFLECTION_H
#define RPC_REFLECTION_H

#include <rethrift/server.h>

/* The text of idl/reflection.thrift, which is what the server parses. */
extern const char reflection_idl[];

/* NULL: E_NOMEM. */
thrift_schema *reflection_schema(thrift_error *err);
/* All methods, bound to `server`; those of Control only when it is wanted. NULL: no memory. */
thrift_registry *reflection_registry(thrift_server *server, bool control);

#endif
