/*
 * Binding: which handler of a registry answers which method of a definition.
 *
 * A call to method m of service S goes to the binding on S.m, else on an ancestor's, else to S.*,
 * else to an ancestor's .* that has m, else to *. The names of a service are its own and
 * "file.Service". The registry is locked by the caller.
 */
#ifndef RPC_BINDING_H
#define RPC_BINDING_H

#include "base/log.h"
#include "rpc/registry.h"
#include "schema/descriptor.h"

/* HANDLER_NONE when nothing is bound. `method` NULL: one that the definition does not have, which
 * only a raw wildcard takes. */
struct handler binding_resolve(const thrift_registry *registry, const thrift_service *service,
                               const thrift_method *method);
/* "*" */
struct handler binding_resolve_any(const thrift_registry *registry);

/* Does a bound or intercepting name mean this method of this service (or of its ancestor)? */
bool binding_matches(const char *name, const thrift_service *service, const thrift_method *method);

/* Names that mean nothing here: E_NAME for the first, with what was meant; with `early` each is
 * reported to the log instead. An ambiguous one is an error in any case. */
thrift_status binding_check_names(const thrift_registry *registry, const thrift_schema *schema,
                                  bool early, const struct log *log, thrift_error *err);

#endif
