/*
 * Served: the definition that a server serves, asked from its reflection service.
 *
 * A connection of its own, so that asking never disturbs the program's calls. Threads: owner.
 */
#ifndef RPC_SERVED_H
#define RPC_SERVED_H

#include <rethrift/client.h>

struct served;

/* `address` as a client's; its service is not looked at. Connects late. NULL: E_ARGUMENT, E_NOMEM.
 */
struct served *served_open(const char *address, const thrift_client_options *options,
                           thrift_error *err);
void served_close(struct served *served); /* NULL allowed */

/* What stands for the running definition: another number, another definition or server. */
thrift_status served_look(struct served *served, uint64_t *out, thrift_error *err);
/* NULL: what calling or loading says. */
thrift_schema *served_load(struct served *served, thrift_finding_fn on_finding, void *data,
                           thrift_error *err);

#endif
