/*
 * Calls of native stubs: the result is tried first; what is none becomes an outcome, as for a
 * dynamic call.
 */
#include "rpc/native_exchange.h"

#include "base/error.h"
#include "transport/loop.h"

thrift_status native_exchange_write(const struct native_exchange *native, thrift_protocol protocol,
                                    const struct codec_policy *policy, thrift_buffer *out,
                                    thrift_error *err)
{
    return native_encode(native->method->arguments, protocol, native->block, policy, out, err);
}

static thrift_status read_outcome(struct native_exchange *native, const thrift_client *client,
                                  const struct link_reply *reply, thrift_error *err)
{
    const thrift_method *method = native->method->method;

    native->outcome = outcome_new(method->arguments->schema, method, &client->allocator, err);
    return native->outcome != NULL
               ? outcome_read(native->outcome, reply->protocol, reply, &client->policy, err)
               : THRIFT_E_NOMEM;
}

/* E_REQUIRED: there is no result in it, but perhaps something else. */
static thrift_status read_result(const struct native_exchange *native, const thrift_client *client,
                                 const struct link_reply *reply, thrift_error *err)
{
    struct arena *arena = &native->root->arena;
    thrift_bytes rest = reply->body;
    thrift_status status;

    arena->budget = client->policy.limits->max_message_memory;
    status = native_decode(native->method->result, reply->protocol, &rest, &client->policy,
                           native->root, native->out, err);
    arena->budget = SIZE_MAX;
    if (status == THRIFT_OK) {
        status = message_read_end(reply->protocol, &rest, err);
    }
    if (status == THRIFT_OK && rest.size > 0 && !client->policy.accept_trailing) {
        status = FAIL(err, THRIFT_E_TRAILING, "%zu bytes behind the reply", rest.size);
    }
    return status;
}

/* A void method's result: a struct of nothing but its stop. */
static bool is_empty(const struct link_reply *reply)
{
    return (reply->protocol == THRIFT_BINARY || reply->protocol == THRIFT_COMPACT) &&
           reply->body.size == 1 && reply->body.data[0] == 0;
}

thrift_status native_exchange_read(struct native_exchange *native, const thrift_client *client,
                                   const struct link_reply *reply, thrift_error *err)
{
    thrift_status status = THRIFT_E_REQUIRED;

    if (reply->header.kind == THRIFT_MESSAGE_REPLY) {
        if (native->out == NULL) {
            status = is_empty(reply) ? THRIFT_OK : THRIFT_E_REQUIRED;
        } else {
            status = read_result(native, client, reply, err);
        }
    }
    return status == THRIFT_E_REQUIRED ? read_outcome(native, client, reply, err) : status;
}

thrift_status native_exchange_perform(struct native_exchange *native, thrift_client *client,
                                      thrift_error *err)
{
    const thrift_method *method = native->method->method;
    struct exchange exchange = {
        .client = client, .method = method->node.name, .native = native, .oneway = method->oneway};

    if (loop_inside()) {
        return FAIL(err, THRIFT_E_STATE,
                    "a handler cannot wait for a reply: it would stop its loop for everybody");
    }
    return exchange_perform(&exchange, err);
}
