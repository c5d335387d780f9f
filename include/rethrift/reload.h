/**
 * Reload: load, check, compare, rebind, publish; or keep the running generation and say why.
 */
#ifndef RETHRIFT_RELOAD_H
#define RETHRIFT_RELOAD_H

#include <rethrift/client.h>
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
    uint64_t generation;           /**< the one that runs; for `done`: after the attempt */
    const thrift_schema *before;
    const thrift_schema *after; /**< NULL when it did not load */
    const thrift_finding *findings;
    size_t finding_count, breaking_count;
    uint64_t duration_ns; /**< from the first file opened to the last loop told */
    bool dry_run;
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

/** A generation, seen by hooks. Lives for the call only. */
typedef struct thrift_generation {
    size_t struct_size;
    uint64_t number;             /**< the first of a server is 1 */
    const thrift_schema *schema; /**< its definition; thrift_schema_ref() what is to be kept */
    uint32_t live;               /**< generations alive, this one included */
} thrift_generation;

/** Before a generation is in force: the place to look up fields and to prepare what handlers need
 * of a new definition. Anything but THRIFT_OK keeps the running generation. */
typedef thrift_status (*thrift_publishing_fn)(const thrift_generation *next, void *data);
/** After the loops were told: calls that begin from now on run on it. */
typedef void (*thrift_published_fn)(const thrift_generation *now, void *data);

/**
 * Hooks around each publication to come: by reload, watch, rebind, rollback. Either may be NULL; a
 * second call replaces the first. They run in the thread that publishes, one publication at a time;
 * thrift_server_reload() in them is E_STATE. E_STATE: from inside a hook or a loop. Threads: any
 * but a loop.
 */
THRIFT_API thrift_status thrift_server_on_generation(thrift_server *server,
                                                     thrift_publishing_fn before,
                                                     thrift_published_fn after, void *data,
                                                     thrift_error *err);

/** How reloading goes. Counters begin with the server; dry runs and what the watch tries again in
 * silence are not counted. */
typedef struct thrift_reload_stats {
    size_t struct_size;
    uint64_t generation;        /**< that runs */
    uint64_t age_ns;            /**< since it was made */
    uint32_t live_generations;  /**< that one, and those that calls or loops still hold */
    uint64_t oldest_generation; /**< of the live ones */
    uint64_t published, unchanged, refused, failed; /**< attempts, by outcome */
    uint64_t last_duration_ns;                      /**< of the last attempt; 0: there was none */
} thrift_reload_stats;
#define THRIFT_RELOAD_STATS_INIT THRIFT_OPTIONS_INIT_(thrift_reload_stats)

/** Fills *out as far as out->struct_size goes. E_ARGUMENT: no server, or nothing to fill. Threads:
 * any. */
THRIFT_API thrift_status thrift_server_reload_stats(const thrift_server *server,
                                                    thrift_reload_stats *out, thrift_error *err);

/* ---- clients ---- */

/** Where a client that follows gets its definition from. */
typedef enum thrift_follow {
    THRIFT_FOLLOW_FILES = 1, /**< the files that its definition came from */
    THRIFT_FOLLOW_SERVER     /**< the reflection service of the server that it calls */
} thrift_follow;

/**
 * Keep the client's definition in step, on a thread of its own, until thrift_client_free(). Each
 * call uses one definition from its first byte to its last; records and outcomes keep the one that
 * they were made with. The options are those of a server's watch and are copied; the callbacks run
 * in that thread.
 *
 * Files: what breaks peers is refused by default. Server: looked at every poll_ms; without a policy
 * or allow_rules, what it serves is taken whatever it breaks; while it does not answer, nothing
 * happens. A definition that lacks the client's service is never taken.
 *
 * E_STATE: it follows already, or the definition did not come from files; E_ARGUMENT, E_NOMEM,
 * E_IO. Threads: any.
 */
THRIFT_API thrift_status thrift_client_follow(thrift_client *client, thrift_follow source,
                                              const thrift_reload_options *options,
                                              thrift_error *err);

/** Calls that begin from now on use this definition, which is shared. E_NAME: it lacks the client's
 * service; then nothing changes. Threads: any. */
THRIFT_API thrift_status thrift_client_switch(thrift_client *client, thrift_schema *schema,
                                              thrift_error *err);
/** The definition of the next call; release with thrift_schema_unref(). Threads: any. */
THRIFT_API THRIFT_NODISCARD thrift_schema *thrift_client_schema(const thrift_client *client);

/** The definition that a server with reflection serves, for programs that have nothing but its
 * address. `options` may be NULL. E_CONNECT, E_APPLICATION (no reflection), and what loading says.
 * Threads: any but a loop. */
THRIFT_API THRIFT_NODISCARD thrift_schema *
thrift_load_served(const char *address, const thrift_client_options *options, thrift_error *err);

#ifdef __cplusplus
}
#endif
#endif
