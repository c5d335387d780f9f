/**
 * Client: calls, and what they gave. One client is one connection that opens again when needed,
 * shared by all threads that call.
 */
#ifndef RETHRIFT_CLIENT_H
#define RETHRIFT_CLIENT_H

#include <rethrift/codec.h>
#include <rethrift/loop.h>
#include <rethrift/registry.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct thrift_client thrift_client;
typedef struct thrift_outcome
    thrift_outcome; /**< result | declared exception | application error */

typedef struct thrift_client_options {
    size_t struct_size;
    uint32_t connect_timeout_ms;                    /**< 3,000 */
    uint32_t call_timeout_ms;                       /**< 30,000 */
    bool connect_late;                              /**< at the first call instead of at open */
    const char *tls_ca, *tls_certificate, *tls_key; /**< not supported yet: refused when set */
    thrift_codec_options codec;
    thrift_limits limits;
    const thrift_allocator *allocator; /**< must be safe in any thread; default malloc */
    int32_t first_sequence_id; /**< of each connection's requests; they count on from there, through
                                  the negative numbers too; default 1 */
    thrift_loop *loop; /**< for thrift_client_start(); shared. It connects at the first call then.
                          Not for udp://, whose calls never wait: E_ARGUMENT */
} thrift_client_options;
#define THRIFT_CLIENT_OPTIONS_INIT THRIFT_OPTIONS_INIT_(thrift_client_options)
#define THRIFT_CLIENT_OPTIONS(...) THRIFT_OPTIONS_(thrift_client_options, __VA_ARGS__)

/**
 * "tcp://host:9090?protocol=compact&transport=framed", "unix:/path", "unix:@abstract". Options
 * behind the '?': protocol = binary (default), compact, json; transport = buffered (default),
 * framed; service = a name to put before each method's, for multiplexed servers.
 * `service` NULL: the definition's only one. The schema is shared. E_NAME, E_ARGUMENT, E_CONNECT,
 * E_DEADLINE, E_NOMEM. Threads: any.
 */
THRIFT_API THRIFT_NODISCARD thrift_client *
thrift_client_open(const char *address, thrift_schema *schema, const char *service,
                   const thrift_client_options *options, thrift_error *err);
/** Outcomes outlive it. Calls on a loop end with E_CANCELLED before this returns. NULL allowed. */
THRIFT_API void thrift_client_free(thrift_client *client);

/**
 * Call and wait. Arguments are checked against the definition before a byte leaves: E_NAME, E_TYPE,
 * E_RANGE, E_REQUIRED. NULL when nothing came back: E_CONNECT, E_CLOSED, E_DEADLINE, E_PROTOCOL, …;
 * a peer that answered, if only to refuse, gives an outcome. Free with thrift_outcome_free().
 * Threads: any; calls of several threads share the connection. From a loop thread of a server, that
 * is from a handler: E_STATE, because it would stop everybody else.
 */
THRIFT_API THRIFT_NODISCARD thrift_outcome *
thrift_client_call(thrift_client *client, const char *method, thrift_args args, thrift_error *err);
/** Call, wait, and want nothing but success: outcomes other than a result are E_EXCEPTION,
 * E_APPLICATION. */
THRIFT_API thrift_status thrift_client_do(thrift_client *client, const char *method,
                                          thrift_args args, thrift_error *err);
/** With arguments by name, as a record of thrift_client_args(): for generic programs and big ones.
 */
THRIFT_API THRIFT_NODISCARD thrift_record *
thrift_client_args(thrift_client *client, const char *method, thrift_error *err);
THRIFT_API THRIFT_NODISCARD thrift_outcome *
thrift_client_send(thrift_client *client, const thrift_record *args, thrift_error *err);

/* ---- pipelining: several calls on their way at once, without a loop ---- */

typedef struct thrift_pending thrift_pending; /**< a call whose reply has not been taken yet */

/**
 * Begin a call and do not wait. Requests are sent together when somebody waits for a reply, or when
 * 64 KiB of them are there. Over HTTP, where requests cannot be told apart, it waits at once.
 * The reply must have come call_timeout_ms from now on. NULL: as for thrift_client_call(). Finish
 * or free what is given, before the client. Threads: any; `thrift_client_begin_args` with a record
 * of thrift_client_args(), which is not needed afterwards.
 */
THRIFT_API THRIFT_NODISCARD thrift_pending *
thrift_client_begin(thrift_client *client, const char *method, thrift_args args, thrift_error *err);
THRIFT_API THRIFT_NODISCARD thrift_pending *
thrift_client_begin_args(thrift_client *client, const thrift_record *args, thrift_error *err);
/** Wait for the reply, in whatever order replies come; `pending` is gone afterwards. What is given,
 * and `err`: as for thrift_client_call(). NULL fails and leaves `err` as it is. Threads: any, one
 * at a time. */
THRIFT_API THRIFT_NODISCARD thrift_outcome *thrift_pending_finish(thrift_pending *pending,
                                                                  thrift_error *err);
/** Without waiting. A reply that is still to come costs the connection, which the other calls on
 * their way lose, too (E_CLOSED). NULL allowed. Threads: any. */
THRIFT_API void thrift_pending_free(thrift_pending *pending);

/* ---- calls on a loop: functions are told how they end ---- */

/** The outcome, which is yours, or NULL and `err`; exactly once. Threads: the loop's. */
typedef void (*thrift_outcome_fn)(thrift_outcome *outcome, const thrift_error *err, void *data);

/**
 * Start a call on the loop of thrift_client_options.loop; never blocks. Calls that are started
 * together go out together, replies may come in any order, and one that does not come within
 * call_timeout_ms ends its own call alone (E_DEADLINE), unless the peer has gone silent. Failures
 * to connect, and all that comes later, are told to `done`: as for thrift_client_call().
 *
 * @param data  Given to `done`, and a name for thrift_client_cancel().
 * @return      Anything but THRIFT_OK: `done` will not be called. E_STATE: the client has no loop;
 *              E_NAME, E_TYPE, E_RANGE, E_REQUIRED; E_LIMIT: limits.max_calls are on their way.
 * Threads: any; functions of the loop too.
 */
THRIFT_API thrift_status thrift_client_start(thrift_client *client, const char *method,
                                             thrift_args args, thrift_outcome_fn done, void *data,
                                             thrift_error *err);
/** The same with a record of thrift_client_args(), which is not needed afterwards. */
THRIFT_API thrift_status thrift_client_start_args(thrift_client *client, const thrift_record *args,
                                                  thrift_outcome_fn done, void *data,
                                                  thrift_error *err);
/** Every call that was started with `data` and has not ended, ends with E_CANCELLED; a reply that
 * still comes is passed over. E_STATE: no loop; E_NOMEM. Threads: any. */
THRIFT_API thrift_status thrift_client_cancel(thrift_client *client, const void *data,
                                              thrift_error *err);

/** Encoded arguments out, encoded result in (thrift_outcome_raw()); for recorders and test tools.
 * `protocol` must be the client's own: E_ARGUMENT. Threads: any. */
THRIFT_API THRIFT_NODISCARD thrift_outcome *
thrift_client_call_raw(thrift_client *client, const char *method, thrift_protocol protocol,
                       thrift_bytes args, thrift_error *err);

/* ---- outcomes ---- */

typedef enum thrift_outcome_kind {
    THRIFT_OUTCOME_NONE, /**< of NULL */
    THRIFT_OUTCOME_RESULT,
    THRIFT_OUTCOME_EXCEPTION,  /**< declared by the method */
    THRIFT_OUTCOME_APPLICATION /**< the peer's library or handler refused */
} thrift_outcome_kind;

THRIFT_API thrift_outcome_kind thrift_outcome_is(const thrift_outcome *outcome);
THRIFT_API void thrift_outcome_free(thrift_outcome *outcome); /**< NULL allowed */

/**
 * The result, if that is what it is. Otherwise nothing, and `err` says what it was instead:
 * E_EXCEPTION "UserNotFound: no user 7", E_APPLICATION "unknown method"; as it was for a NULL
 * outcome.
 */
THRIFT_API thrift_value thrift_outcome_result(const thrift_outcome *outcome, thrift_error *err);
THRIFT_API const thrift_record *thrift_outcome_record(const thrift_outcome *outcome,
                                                      thrift_error *err);
/** For void methods, and whenever only success matters. */
THRIFT_API thrift_status thrift_outcome_check(const thrift_outcome *outcome, thrift_error *err);

/** The exception when it is of this type (NULL: any), else NULL. */
THRIFT_API const thrift_record *thrift_outcome_exception(const thrift_outcome *outcome,
                                                         const char *type);
/** TApplicationException's number, e.g. 1 for an unknown method; 0 when it is something else. */
THRIFT_API int32_t thrift_outcome_application_code(const thrift_outcome *outcome);
/** The encoded result struct, of thrift_client_call_raw(); else empty. Lives as long as the
 * outcome. */
THRIFT_API thrift_bytes thrift_outcome_raw(const thrift_outcome *outcome);

#ifdef __cplusplus
}
#endif
#endif
