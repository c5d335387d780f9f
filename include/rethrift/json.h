/**
 * Jansson beside values: the umbrella of what the library does with its trees.
 * JSON as text is a protocol like any other: THRIFT_PLAIN_JSON in codec.h.
 */
#ifndef RETHRIFT_JSON_H
#define RETHRIFT_JSON_H

#include <rethrift/client.h>
#include <rethrift/record_json.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * JSON handler: `args` is an object with the declared arguments by name, borrowed; what is returned
 * is taken over. NULL without thrift_throw() or thrift_fail() is an INTERNAL_ERROR; json_null()
 * answers a void method. Members of the result that the definition lacks are an INTERNAL_ERROR.
 */
typedef struct json_t *(*thrift_json_handler)(thrift_call *call, struct json_t *args,
                                              void *context);
/** As thrift_bind(). Threads: any. */
THRIFT_API thrift_status thrift_bind_json(thrift_registry *registry, const char *name,
                                          thrift_json_handler handler, void *context);

/**
 * As thrift_client_call(), with the arguments by name in an object.
 *
 * @param args  Borrowed; NULL for none. A member that is no argument is E_NAME.
 * @param err   What thrift_client_call() and thrift_record_from_json() say.
 * Threads: any.
 */
THRIFT_API THRIFT_NODISCARD thrift_outcome *thrift_client_call_json(thrift_client *client,
                                                                    const char *method,
                                                                    struct json_t *args,
                                                                    thrift_error *err);
/** The result as a new reference, json_null() for a void method; otherwise NULL, and `err` as
 * thrift_outcome_result() writes it. Threads: any. */
THRIFT_API THRIFT_NODISCARD struct json_t *thrift_outcome_json(const thrift_outcome *outcome,
                                                               thrift_error *err);

#ifdef __cplusplus
}
#endif
#endif
