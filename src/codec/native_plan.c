/*
 * Completing native plans: order, heads, bits, and the bytes that stand for absent fields.
 */
#include "codec/native_plan.h"

#include <stdlib.h>

#include "base/buffer.h"
#include "base/error.h"
#include "codec/encode_slot.h"
#include "codec/policy.h"
#include "wire/binary.h"
#include "wire/compact.h"
#include "wire/wire_type.h"

#define DENSE_MOST 1024u

static const uint8_t wires[] = {
    [THRIFT_KIND_BOOL] = WIRE_BOOL,     [THRIFT_KIND_I8] = WIRE_I8,
    [THRIFT_KIND_I16] = WIRE_I16,       [THRIFT_KIND_I32] = WIRE_I32,
    [THRIFT_KIND_I64] = WIRE_I64,       [THRIFT_KIND_DOUBLE] = WIRE_DOUBLE,
    [THRIFT_KIND_STRING] = WIRE_STRING, [THRIFT_KIND_BINARY] = WIRE_STRING,
    [THRIFT_KIND_UUID] = WIRE_UUID,     [THRIFT_KIND_ENUM] = WIRE_I32,
    [THRIFT_KIND_RECORD] = WIRE_STRUCT, [THRIFT_KIND_LIST] = WIRE_LIST,
    [THRIFT_KIND_SET] = WIRE_SET,       [THRIFT_KIND_MAP] = WIRE_MAP,
};

uint8_t native_wire_of(thrift_kind kind) { return wires[kind]; }

/* ---- what stands for an absent field ---- */

static bool keep(struct arena *arena, const thrift_buffer *bytes, thrift_bytes *out)
{
    const char *copy = arena_strdup(arena, (const char *)bytes->data, bytes->size);

    *out = (thrift_bytes){(const uint8_t *)copy, bytes->size};
    return copy != NULL;
}

static thrift_status encode_absent(struct native_op *op, const struct plan_type *type,
                                   const union slot *slot, thrift_protocol protocol,
                                   struct arena *arena, thrift_error *err)
{
    thrift_buffer bytes = {.allocator = arena->allocator};
    thrift_status status = encode_slot(type, protocol, slot, &codec_policy_default, &bytes, err);

    if (status == THRIFT_OK &&
        !keep(arena, &bytes,
              protocol == THRIFT_BINARY ? &op->absent_binary : &op->absent_compact)) {
        status = arena_fail(arena, err);
    }
    thrift_buffer_deinit(&bytes);
    return status;
}

/* The default, as a struct that has nothing else. */
static thrift_status wrap_default(struct native_op *op, struct arena *arena, thrift_error *err)
{
    size_t size = BINARY_FIELD_SIZE + op->absent_binary.size + 1;
    uint8_t *bytes = arena_alloc_zero(arena, size); /* ends with the stop */

    if (bytes == NULL) {
        return arena_fail(arena, err);
    }
    memcpy(binary_write_field(bytes, op->wire, op->id), op->absent_binary.data,
           op->absent_binary.size);
    op->default_struct = (thrift_bytes){bytes, size};
    return THRIFT_OK;
}

/* A pointer says by NULL that an optional field is absent; its default would hide that. */
static bool takes_default(const struct native_op *op)
{
    return op->field->default_value != NULL && op->presence != NATIVE_TAGGED &&
           (op->requiredness == THRIFT_FIELD_DEFAULT || op->presence != NATIVE_NULL);
}

/* Of what records are made of, where the C struct points at some. */
static void find_dynamic(const struct native_type *type, const struct plan_type *own)
{
    struct native_type *mutable = (struct native_type *)(uintptr_t)type; /* being made */

    if (type->code == NATIVE_DYNAMIC) {
        mutable->dynamic = own;
    } else if (type->code == NATIVE_ARRAY || type->code == NATIVE_ENTRIES) {
        find_dynamic(type->element, own->element);
        if (type->key != NULL) {
            find_dynamic(type->key, own->key);
        }
    }
}

static thrift_status make_absent(struct native_op *op, struct arena *arena, thrift_error *err)
{
    const thrift_struct *owner = op->field->owner;
    const struct plan *plan = plan_of(owner->schema, owner, err);
    const struct plan_op *own = plan != NULL ? plan_find(plan, op->id) : NULL;
    union slot slot = {.i64 = 0};
    thrift_status status;

    if (own == NULL) {
        return THRIFT_E_NOMEM;
    }
    find_dynamic(op->type, own->type);
    op->defaulted = takes_default(op);
    if (op->presence == NATIVE_ALWAYS && !op->defaulted) {
        return THRIFT_OK;
    }
    memset(&slot, 0, sizeof slot);
    if (own->field->default_slot != NULL) {
        memcpy(&slot, own->field->default_slot, own->field->size);
    } else if (own->code == PLAN_RECORD && own->type->record->tagged) {
        return THRIFT_OK; /* a union never set has nothing that could be written */
    }
    status = encode_absent(op, own->type, &slot, THRIFT_BINARY, arena, err);
    if (status == THRIFT_OK) {
        status = encode_absent(op, own->type, &slot, THRIFT_COMPACT, arena, err);
    }
    return status == THRIFT_OK && op->defaulted ? wrap_default(op, arena, err) : status;
}

/* ---- heads and bits ---- */

static void fill_op(struct native_op *op, int16_t previous_id)
{
    int32_t delta = op->field->id - previous_id;

    op->code = op->type->code;
    op->wire = op->type->wire;
    op->offset = op->type->offset;
    op->left_out = op->requiredness == THRIFT_FIELD_OPTIONAL;
    op->previous_id = PLAN_NO_ID;
    op->head = plan_head(op->wire, op->id);
    op->compact_expected = PLAN_NO_COMPACT_HEAD;
    op->binary_need = (uint8_t)(3 + binary_least[op->wire]);
    op->compact_need = (uint8_t)(1 + (op->code == PLAN_BOOL ? 0 : compact_least[op->wire]));
    op->compact_span = op->code == PLAN_BOOL;
    if (delta > 0 && delta <= 15) {
        op->previous_id = previous_id;
        op->compact_head = (uint8_t)((unsigned)delta << 4 | wire_to_compact[op->wire]);
        op->compact_expected = op->compact_head;
    }
}

/* Bits first for the fields that must be told apart when a struct ends. */
static bool give_bits(struct native_plan *plan, struct native_op *ops)
{
    uint32_t bit = 0;

    if (plan->tagged) {
        plan->awaited = UINT64_MAX;
        return true;
    }
    for (int round = 0; round < 2; round++) {
        for (uint32_t i = 0; i < plan->op_count; i++) {
            struct native_op *op = &ops[i];
            bool required = op->requiredness == THRIFT_FIELD_REQUIRED;

            if ((required || op->defaulted) != (round == 0)) {
                continue;
            }
            if (bit < NATIVE_SEEN_MOST) {
                op->seen = UINT64_C(1) << bit++;
            } else if (round == 0) {
                return false;
            }
            plan->required |= required ? op->seen : 0;
            plan->defaulted |= op->defaulted ? op->seen : 0;
        }
    }
    plan->awaited = plan->required | plan->defaulted;
    return true;
}

static int by_id(const void *a, const void *b)
{
    const struct native_op *left = a, *right = b;

    return (left->id > right->id) - (left->id < right->id);
}

static bool make_dense(struct native_plan *plan, const struct native_op *ops, struct arena *arena)
{
    uint32_t most = 0;
    uint16_t *dense;

    for (uint32_t i = 0; i < plan->op_count; i++) {
        if (ops[i].id >= 0 && (uint32_t)ops[i].id < DENSE_MOST &&
            (uint32_t)ops[i].id < 16 + 8 * plan->op_count) {
            most = (uint32_t)ops[i].id + 1;
        }
    }
    dense = arena_alloc_zero(arena, most * sizeof *dense + 1);
    if (dense == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < plan->op_count; i++) {
        if (ops[i].id >= 0 && (uint32_t)ops[i].id < most) {
            dense[ops[i].id] = (uint16_t)(i + 1);
        }
    }
    plan->dense = dense;
    plan->dense_count = most;
    return true;
}

const struct native_op *native_plan_search(const struct native_plan *plan, int16_t id)
{
    const struct native_op key = {.id = id};

    return bsearch(&key, plan->ops, plan->op_count, sizeof key, by_id);
}

static void end_ops(struct native_op *sentinel)
{
    *sentinel = (struct native_op){.code = NATIVE_END,
                                   .presence = NATIVE_BEHIND,
                                   .head = PLAN_NO_HEAD,
                                   .compact_expected = PLAN_NO_COMPACT_HEAD,
                                   .binary_need = 255,
                                   .compact_need = 255,
                                   .previous_id = PLAN_NO_ID};
}

static thrift_status finish_ops(struct native_plan *plan, struct native_op *ops,
                                struct arena *arena, thrift_error *err)
{
    int16_t previous_id = 0;

    for (uint32_t i = 0; i < plan->op_count; i++) {
        thrift_status status;

        fill_op(&ops[i], previous_id);
        previous_id = ops[i].id;
        status = make_absent(&ops[i], arena, err);
        if (status != THRIFT_OK) {
            return status;
        }
    }
    return THRIFT_OK;
}

static bool is_flat(const struct native_plan *plan, const struct native_op *ops)
{
    for (uint32_t i = 0; i < plan->op_count; i++) {
        if (!native_is_leaf(ops[i].type) && ops[i].type->code != NATIVE_STRUCT) {
            return false;
        }
    }
    return !plan->careful;
}

/* What is written when fields were kept, which stand where they stood. */
static bool make_kept_ops(struct native_plan *plan, const struct native_op *ops,
                          struct arena *arena)
{
    struct native_op *made = arena_alloc_zero(arena, (2 * plan->op_count + 2) * sizeof *made);

    if (made == NULL) {
        return false;
    }
    for (uint32_t i = 0; i <= plan->op_count; i++) {
        end_ops(&made[2 * i]);
        made[2 * i].presence = NATIVE_KEPT;
        made[2 * i].below = i < plan->op_count ? ops[i].id : INT32_MAX;
        made[2 * i + 1] = ops[i];
    }
    plan->kept_ops = made;
    return true;
}

thrift_status native_plan_finish(struct native_plan *plan, struct native_op *ops,
                                 struct arena *arena, thrift_error *err)
{
    const struct plan *record = plan_of(plan->type->schema, plan->type, err);
    thrift_status status;

    if (record == NULL) {
        return THRIFT_E_NOMEM;
    }
    plan->binary_least = record->binary_least;
    plan->compact_least = record->compact_least;
    if (plan->op_count > 1) {
        qsort(ops, plan->op_count, sizeof *ops, by_id);
    }
    status = finish_ops(plan, ops, arena, err);
    if (status != THRIFT_OK) {
        return status;
    }
    if (!give_bits(plan, ops)) {
        return FAIL(err, THRIFT_E_LIMIT, "%s: more than %u fields are required or have defaults",
                    plan->type->full_name, NATIVE_SEEN_MOST);
    }
    end_ops(&ops[plan->op_count]);
    plan->careful = plan->tagged || plan->keeps;
    plan->flat = is_flat(plan, ops);
    plan->ops = ops;
    return make_dense(plan, ops, arena) && (!plan->keeps || make_kept_ops(plan, ops, arena))
               ? THRIFT_OK
               : arena_fail(arena, err);
}
