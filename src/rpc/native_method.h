/*
 * Native methods: what the layer above binds, and what becomes of it in a generation.
 *
 * A binding knows no definition. When a generation is made, it is verified against a method and
 * becomes a native_method: plans, and the shape of the block that a call's arguments and result
 * stand in. Argument i of the C function is at 16 * i of the block; what it points at, and the
 * result, stand behind.
 */
#ifndef RPC_NATIVE_METHOD_H
#define RPC_NATIVE_METHOD_H

#include <rethrift/registry.h>
#include <string.h>

#include "codec/native.h"
#include "rpc/native_finding.h"

struct thrift_native_struct;

#define NATIVE_SLOT_SIZE 16u

/* A slot that points into the block. */
struct native_pointer {
    uint32_t slot_offset, target_offset;
    uint32_t size; /* of the target */
};

/* An exception that the method declares and C has a table for. */
struct native_thrown {
    const struct thrift_native_struct *table;
    const struct native_plan *plan; /* of the result struct, with this field alone, at 0 */
};

struct native_method {
    const thrift_method *method;
    const struct native_plan *arguments; /* offsets in the block */
    const struct native_plan *result;    /* offsets from the result's place; no fields: void */
    uint32_t block_size, result_offset;
    const struct native_pointer *pointers; /* the result's is the last, when there is one */
    uint32_t pointer_count;
    const struct native_thrown *thrown;
    uint32_t thrown_count;
    /* Calls the function with the arguments in the block. */
    thrift_status (*invoke)(const struct native_method *method, thrift_call *call, void *block);
};

/* What making one generation shares between its native methods. */
struct native_preparation {
    const thrift_schema *schema;
    struct arena *arena; /* of the generation */
    struct native_findings findings;
    /* The preparing layer's; NULL at first. finish() runs once, when all methods are prepared. */
    void *tables;
    thrift_status (*finish)(struct native_preparation *preparation, thrift_error *err);
};

struct native_binding {
    /* E_NOMEM; what does not fit is a finding, and *out NULL then. */
    thrift_status (*prepare)(const struct native_binding *binding,
                             struct native_preparation *preparation, const thrift_method *method,
                             const struct native_method **out, thrift_error *err);
};

/* The slots that are pointers, on a block that is zero. */
static inline void native_method_point(const struct native_method *method, uint8_t *block)
{
    for (uint32_t i = 0; i < method->pointer_count; i++) {
        const uint8_t *target = block + method->pointers[i].target_offset;

        memcpy(block + method->pointers[i].slot_offset, &target, sizeof target);
    }
}

#endif
