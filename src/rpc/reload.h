/*
 * Reload, from the inside: one attempt, as a transaction.
 *
 * load, check, compare, ask the policy, publish: or nothing of it. What publishing means is the
 * target's business: a server resolves handlers and makes a generation, a client switches.
 */
#ifndef RPC_RELOAD_H
#define RPC_RELOAD_H

#include <rethrift/reload.h>

#include "base/log.h"
#include "rpc/reload_history.h"
#include "schema/descriptor.h"

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

/* What an attempt changes. */
struct reload_target {
    void *owner;
    const struct log *log;
    const thrift_allocator *allocator;
    /* A reference to the running definition, and its number. */
    thrift_schema *(*running)(void *owner, uint64_t *out_number);
    /* While `making` is locked; `rehearse`: only whether it could be done. `on_finding` gets all
     * that does not fit what is bound. */
    thrift_status (*publish)(void *owner, thrift_schema *next, bool rehearse,
                             thrift_finding_fn on_finding, void *data, thrift_error *err);
    /* NULL: the files that `from_files` came from. */
    thrift_schema *(*load)(void *owner, thrift_finding_fn on_finding, void *data,
                           thrift_error *err);
    /* What stands for what would be loaded; false: not to be known now. NULL: files are watched. */
    bool (*look)(void *owner, uint64_t *out);
    pthread_mutex_t making; /* one attempt at a time; tells a second lock of one thread */
    struct reload_history history;
    /* The last one in force that came from files: written under `making` and history.lock. */
    thrift_schema *from_files;
};

/* The functions above are set; takes a reference of the first definition. */
void reload_target_init(struct reload_target *target, thrift_schema *first);
void reload_target_deinit(struct reload_target *target);

/* false, and E_STATE: from a loop, or from inside an attempt. */
bool reload_target_lock(struct reload_target *target, thrift_error *err);
void reload_target_unlock(struct reload_target *target);
/* A reference to `from_files`; NULL when there is none. */
thrift_schema *reload_target_files(struct reload_target *target);

/* One attempt; takes `making`. `schema` NULL: load it. `told`: nobody hears of a failure with this
 * very text again; may be NULL. *out_loaded: a reference to what was loaded, NULL when it did not
 * load; may be NULL. */
thrift_status reload_attempt(struct reload_target *target, thrift_schema *schema,
                             const thrift_reload_options *options, thrift_error *told,
                             thrift_schema **out_loaded, thrift_error *err);

#endif
