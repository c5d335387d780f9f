/*
 * Exceptions as the program's own structs: written at once, so that they need not live on.
 */
#include <rethrift/native.h>
#include <string.h>

#include "base/buffer.h"
#include "rpc/call.h"

static const struct native_thrown *find_thrown(const struct native_method *method,
                                               const thrift_native_struct *type)
{
    for (uint32_t i = 0; i < method->thrown_count; i++) {
        const thrift_native_struct *table = method->thrown[i].table;

        /* A header's table is another object in each source file. */
        if (table == type ||
            (table->size == type->size && strcmp(table->c_name, type->c_name) == 0 &&
             strcmp(table->idl_name, type->idl_name) == 0)) {
            return &method->thrown[i];
        }
    }
    return NULL;
}

static thrift_status write_exception(thrift_call *call, const struct native_plan *plan,
                                     const void *exception)
{
    thrift_buffer bytes = {.allocator = call->root.arena.allocator};
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_status status =
        native_encode(plan, call->protocol, exception, &codec_policy_default, &bytes, &err);

    if (status == THRIFT_OK) {
        status = thrift_call_answer_raw(call, buffer_bytes(&bytes));
    } else {
        status = root_mistake(&call->root, status, err.source, "%s", err.message);
    }
    thrift_buffer_deinit(&bytes);
    return status;
}

thrift_status thrift_throw_native(thrift_call *call, const thrift_native_struct *type,
                                  const void *exception)
{
    const struct native_thrown *thrown;

    if (call == NULL || type == NULL || exception == NULL) {
        return THRIFT_E_ARGUMENT;
    }
    if (call->endpoint == NULL || call->endpoint->native == NULL) {
        return root_mistake(&call->root, THRIFT_E_STATE, NULL,
                            "%s is not answered by a native function", thrift_call_name(call));
    }
    thrown = find_thrown(call->endpoint->native, type);
    if (thrown == NULL) {
        return root_mistake(&call->root, THRIFT_E_NAME, NULL, "%s does not throw \"%s\"",
                            thrift_call_name(call), type->idl_name);
    }
    return write_exception(call, thrown->plan, exception);
}
