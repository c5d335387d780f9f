/**
 * Registry: method name → handler. Knows no definition; the same registry serves every generation.
 *
 * Names: "UserService.getUser" exactly, "UserService.*" for the rest of a service, "*" for the
 * rest. The most exact one wins. A registry is a builder: the first bad name or failed allocation
 * stays with it and is reported by thrift_server_new() (or thrift_registry_check()).
 */
#ifndef RETHRIFT_REGISTRY_H
#define RETHRIFT_REGISTRY_H

#include <rethrift/protocol.h>
#include <rethrift/value.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct thrift_registry thrift_registry;
typedef struct thrift_call thrift_call; /**< one call, seen by who answers it or by who makes it */

THRIFT_API THRIFT_NODISCARD thrift_registry *thrift_registry_new(void);
/** At any time: a server keeps what it needs. NULL allowed. */
THRIFT_API void thrift_registry_free(thrift_registry *registry);
THRIFT_API thrift_status thrift_registry_check(const thrift_registry *registry, thrift_error *err);

/**
 * Dynamic handler. `args` are the declared arguments by name. Answer by filling
 * thrift_call_result(call) and returning THRIFT_OK, or by *returning* one of thrift_return(),
 * thrift_throw(), thrift_fail(). Any other status becomes an INTERNAL_ERROR whose text tells the
 * peer nothing. Runs on a loop thread.
 */
typedef thrift_status (*thrift_handler)(thrift_call *call, const thrift_record *args,
                                        void *context);

/** Raw handler: `args` as they came, in thrift_call_protocol(call); answer with
 * thrift_call_answer_raw(). */
typedef thrift_status (*thrift_raw_handler)(thrift_call *call, thrift_bytes args, void *context);

/**
 * Binding a bound name again replaces it. A running server takes bindings over with its next
 * generation (a reload, or thrift_server_rebind()). `name` is copied, `context` is never touched.
 * E_ARGUMENT: not a name; E_NOMEM. Threads: any, also while serving.
 */
THRIFT_API thrift_status thrift_bind(thrift_registry *registry, const char *name,
                                     thrift_handler handler, void *context);
THRIFT_API thrift_status thrift_bind_raw(thrift_registry *registry, const char *name,
                                         thrift_raw_handler handler, void *context);
THRIFT_API thrift_status thrift_unbind(thrift_registry *registry, const char *name);

/** An interceptor sees each call that `name` matches. `before` may refuse by returning
 * thrift_fail() or thrift_throw(); `after` runs once for each call whose `before` ran. Either may
 * be NULL. */
typedef thrift_status (*thrift_before_fn)(thrift_call *call, void *context);
typedef void (*thrift_after_fn)(const thrift_call *call, thrift_status outcome,
                                uint64_t duration_ns, void *context);
THRIFT_API thrift_status thrift_intercept(thrift_registry *registry, const char *name,
                                          thrift_before_fn before, thrift_after_fn after,
                                          void *context);

/* ---- the call, in a handler. Threads: the one that answers ---- */

THRIFT_API const thrift_method *
thrift_call_method(const thrift_call *call); /**< NULL: not in the definition */
THRIFT_API const char *
thrift_call_name(const thrift_call *call); /**< "UserService.getUser", never NULL */
THRIFT_API void *thrift_call_context(const thrift_call *call);
THRIFT_API const thrift_schema *
thrift_call_schema(const thrift_call *call); /**< of the call's generation */
THRIFT_API uint64_t thrift_call_generation(const thrift_call *call);
THRIFT_API thrift_protocol thrift_call_protocol(const thrift_call *call);
THRIFT_API const char *
thrift_call_peer(const thrift_call *call); /**< address, or TLS identity once verified */
/** Milliseconds until the call must be answered; 0: it is too late, -1: it has no deadline. A call
 * has one when the server's limits.call_timeout_ms says so, or its caller, in the header
 * "client_timeout" (milliseconds); the shorter one holds. It counts from the message's first byte.
 * When it has passed before the handler begins, or before the handler is done, the answer is the
 * application error "deadline exceeded"; interceptors see E_DEADLINE. */
THRIFT_API int64_t thrift_call_time_left_ms(const thrift_call *call);
/** What the peer sent beside the message: a pair of THeader's info block, a line of HTTP's header.
 * Names are compared without regard to case; the last of a name holds. NULL: there is none. Lives
 * as long as the call. */
THRIFT_API const char *thrift_call_header(const thrift_call *call, const char *name);
/** Memory that lives as long as the call; NULL when there is none. */
THRIFT_API void *thrift_call_alloc(thrift_call *call, size_t size);
/** An empty record in that memory: for what a native struct points at, for instance. NULL: E_NAME
 * or E_NOMEM, which make the answer an INTERNAL_ERROR. */
THRIFT_API thrift_record *thrift_call_record(thrift_call *call, const char *type);
/** A copy in that memory; NULL for NULL. */
THRIFT_API char *thrift_call_strdup(thrift_call *call, const char *text);

/** The result to fill, for a method that returns a struct, list or set, map; NULL for other
 * methods. */
THRIFT_API thrift_record *thrift_call_result(thrift_call *call);
THRIFT_API thrift_list *thrift_call_result_list(thrift_call *call);
THRIFT_API thrift_map *thrift_call_result_map(thrift_call *call);
/** Answers with that result; the last answer holds. `value` is copied, unless it is a part of the
 * call's arguments and nothing was answered before: that costs nothing. E_TYPE, E_RANGE when it
 * does not fit the method's result (the answer becomes an INTERNAL_ERROR then), E_NOMEM. */
THRIFT_API thrift_status thrift_call_return(thrift_call *call, thrift_value value);
THRIFT_API thrift_status thrift_call_throw(thrift_call *call, const char *type,
                                           thrift_fields fields);
/** Answers with an application error (INTERNAL_ERROR) that carries this text to the peer. */
THRIFT_API thrift_status thrift_fail(thrift_call *call, const char *format, ...)
    THRIFT_PRINTF(2, 3);
/** Goes beside the answer, where the peer's transport has a place for it: THeader and HTTP; not
 * seen by others. `name` and `value` are copied. E_ARGUMENT: not fit for HTTP (the answer becomes
 * an INTERNAL_ERROR then), E_NOMEM. */
THRIFT_API thrift_status thrift_call_set_header(thrift_call *call, const char *name,
                                                const char *value);
/** `result`: the encoded result struct, in the call's protocol. Copied. */
THRIFT_API thrift_status thrift_call_answer_raw(thrift_call *call, thrift_bytes result);

/** return thrift_return(call, 42);   any type that THRIFT_VALUE takes */
#define thrift_return(call, x) thrift_call_return((call), THRIFT_VALUE(x))
/** return thrift_throw(call, "UserNotFound", "id", id);   an exception that the method declares */
#define thrift_throw(call, type, ...) thrift_call_throw((call), (type), THRIFT_FIELDS(__VA_ARGS__))

#ifdef __cplusplus
}
#endif
#endif
