/**
 * Reload: load, check, compare, rebind, publish; or keep the running generation and say why.
 */
#ifndef RETHRIFT_RELOAD_H
#define RETHRIFT_RELOAD_H

#include <rethrift/server.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum thrift_reload_outcome {
    THRIFT_RELOAD_PUBLISHED = 1,
    THRIFT_RELOAD_UNCHANGED, /**< same fingerprint: nothing happened */
    THRIFT_RELOAD_REFUSED,   /**< by the policy */
    THRIFT_RELOAD_FAILED     /**< does not load, or a native table does not fit */
} thrift_reload_outcome;

/** One attempt. Lives for the callback only; thrift_schema_ref() what is to be kept. */
typedef struct thrift_reload {
    size_t struct_size;
    thrift_reload_outcome outcome; /**< in a policy: what would happen without it */
    uint64_t generation;           /**< the one running after the attempt */
    const thrift_schema *before;
    const thrift_schema *after; /**< NULL when it did not load */
    const thrift_finding *findings;
    size_t finding_count, breaking_count;
    uint64_t duration_ns;
} thrift_reload;

/** The last word: THRIFT_OK publishes, anything else refuses. Threads: the reload thread, never a
 * loop. */
typedef thrift_status (*thrift_policy_fn)(const thrift_reload *attempt, void *data);
typedef void (*thrift_reloaded_fn)(const thrift_reload *attempt, void *data);

typedef struct thrift_reload_options {
    size_t struct_size;
    thrift_direction direction;
    bool allow_breaking; /**< default: any breaking finding refuses */
    const char *const
        *allow_rules;        /**< NULL-terminated: "method-removed", "User.email:field-removed" */
    thrift_policy_fn policy; /**< NULL: as above */
    thrift_reloaded_fn done; /**< told of every attempt */
    void *data;
    bool dry_run;
    uint32_t settle_ms; /**< watch: quiet time before loading; default 200 */
    uint32_t poll_ms;   /**< watch: safety net beside file events; default 1,000 */
} thrift_reload_options;
#define THRIFT_RELOAD_OPTIONS_INIT THRIFT_OPTIONS_INIT_(thrift_reload_options)
#define THRIFT_RELOAD_OPTIONS(...) THRIFT_OPTIONS_(thrift_reload_options, __VA_ARGS__)

/**
 * Follow the files that the schema came from, includes too, from the start of the server on, or at
 * once when it runs. Options are copied, with their texts. E_STATE: the schema did not come from
 * files, or they are followed already; E_ARGUMENT, E_NOMEM, E_IO. Threads: any.
 */
THRIFT_API thrift_status thrift_server_watch(thrift_server *server,
                                             const thrift_reload_options *options,
                                             thrift_error *err);

/**
 * One attempt now, from the files (`schema` NULL) or with a schema from anywhere; waits for it.
 * THRIFT_OK: published, or unchanged. Otherwise the running generation stays: E_INCOMPATIBLE by the
 * policy, or what loading says; with `dry_run`, what would have been said. E_STATE: from inside a
 * handler or callback, use thrift_server_request_reload(). Callbacks run in the calling thread.
 * Threads: any but a loop.
 */
THRIFT_API thrift_status thrift_server_reload(thrift_server *server, thrift_schema *schema,
                                              const thrift_reload_options *options,
                                              thrift_error *err);
/** Asks the reload thread for an attempt with the options of thrift_server_watch(), and returns;
 * requests that come together are one. When the server runs. Threads: any; signal handlers too. */
THRIFT_API void thrift_server_request_reload(thrift_server *server);
/** Publish one of the last generations' definitions again, as a new generation; nothing is
 * compared. E_NAME: it is not kept any more (the last four are); E_STATE, E_NOMEM. Threads: any but
 * a loop. */
THRIFT_API thrift_status thrift_server_rollback(thrift_server *server, uint64_t generation,
                                                thrift_error *err);

#ifdef __cplusplus
}
#endif
#endif
