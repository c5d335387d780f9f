/*
 * Reload, from the inside: one attempt, as a transaction.
 *
 * load, check, compare, ask the policy, resolve handlers, make plans, publish: or nothing of it.
 */
#ifndef RPC_RELOAD_H
#define RPC_RELOAD_H

#include <rethrift/reload.h>

#include "rpc/server.h"

/* Options with their texts, on their own. */
struct reload_settings {
    thrift_reload_options options;
    struct arena arena;
};

/* `given` may be NULL. E_NOMEM. */
thrift_status reload_settings_init(struct reload_settings *settings,
                                   const thrift_reload_options *given,
                                   const thrift_allocator *allocator, thrift_error *err);
void reload_settings_deinit(struct reload_settings *settings);

/* One attempt; takes server->making. `told`: nobody hears of a failure with this very text again;
 * may be NULL. E_STATE from a loop, or from inside an attempt. */
thrift_status reload_attempt(thrift_server *server, thrift_schema *schema,
                             const thrift_reload_options *options, thrift_error *told,
                             thrift_error *err);

#endif
