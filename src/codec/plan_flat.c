/*
 * Structs are found level by level: those of leaves, those with such structs in them, and so on. A
 * struct that contains itself is on no level.
 */
#include "codec/plan_flat.h"

static bool is_leaf(const thrift_type *type)
{
    return type->kind != THRIFT_KIND_RECORD && type->kind != THRIFT_KIND_LIST &&
           type->kind != THRIFT_KIND_SET && type->kind != THRIFT_KIND_MAP;
}

bool plan_is_leafy(const thrift_type *type)
{
    return (type->key == NULL || is_leaf(type->key)) && type->element != NULL &&
           is_leaf(type->element);
}

bool plan_is_flat(const struct plan *items, const thrift_type *type)
{
    const thrift_type *element = type->element;

    return (type->key == NULL || is_leaf(type->key)) && element != NULL &&
           (is_leaf(element) || plan_is_leafy(element) ||
            (element->kind == THRIFT_KIND_RECORD && items[element->record->index].shallow));
}

/* NULL: the field is no struct. */
static const struct plan *inner_of(const struct plan *items, const thrift_type *type)
{
    return type->kind == THRIFT_KIND_RECORD ? &items[type->record->index] : NULL;
}

/* Every protocol has a form for all that may be in it, and the first presence word a bit. */
static bool may_be_flat(const thrift_struct *type, const struct layout *layout)
{
    return !layout->tagged && type->float_field == NULL && type->field_count <= 64;
}

/* Whether all fields are leaves, or nested structs of less than `level` levels, or if `leafy` is
 * allowed leafy containers. */
static bool has_only(const struct plan *items, const struct plan *plan, uint8_t level, bool leafy)
{
    const thrift_struct *type = plan->layout->type;
    uint32_t nested_count = type->field_count;

    for (uint32_t i = 0; i < type->field_count; i++) {
        const thrift_type *field = type->by_id[i]->type;
        const struct plan *inner = inner_of(items, field);

        if (!is_leaf(field) && !(leafy && plan_is_leafy(field)) &&
            (inner == NULL || !inner->nested || inner->depth >= level)) {
            return false;
        }
        nested_count += inner != NULL ? inner->nested_count : 0;
    }
    return may_be_flat(type, plan->layout) && nested_count <= PLAN_NESTED_COUNT_MOST;
}

static void add_up(const struct plan *items, struct plan *plan)
{
    const thrift_struct *type = plan->layout->type;

    plan->shallow = true;
    plan->depth = 1;
    plan->nested_count = type->field_count;
    plan->nested_size = (plan->layout->size + 7) & ~7u;
    for (uint32_t i = 0; i < type->field_count; i++) {
        const struct plan *inner = inner_of(items, type->by_id[i]->type);

        if (inner != NULL) {
            plan->depth = plan->depth > inner->depth ? plan->depth : (uint8_t)(inner->depth + 1);
            plan->nested_count += inner->nested_count;
            plan->nested_size += inner->nested_size;
        }
    }
}

void plan_find_flat(struct plan *items, size_t count)
{
    for (uint8_t level = 1; level <= PLAN_NESTED_MOST; level++) {
        for (size_t i = 0; i < count; i++) {
            if (!items[i].nested && has_only(items, &items[i], level, false)) {
                items[i].nested = true;
                items[i].flat = level == 1;
                add_up(items, &items[i]);
            }
        }
    }
    for (size_t i = 0; i < count; i++) {
        if (!items[i].nested && has_only(items, &items[i], PLAN_NESTED_MOST, true)) {
            add_up(items, &items[i]);
        }
    }
}

/* Bytes that a field takes at most, with its head; strings as plan_op.rest says. */
static uint32_t field_most(const struct plan_op *op)
{
    static const uint8_t binary[] = {
        [PLAN_BOOL] = 1,   [PLAN_I8] = 1,    [PLAN_I16] = 2,
        [PLAN_I32] = 4,    [PLAN_ENUM] = 4,  [PLAN_I64] = 8,
        [PLAN_DOUBLE] = 8, [PLAN_UUID] = 16, [PLAN_STRING] = 4 + BYTES_PAIR,
        [PLAN_LIST] = 5,   [PLAN_MAP] = 6,   [PLAN_BINARY] = 4 + BYTES_PAIR,
    };
    static const uint8_t compact[] = {
        [PLAN_BOOL] = 0,   [PLAN_I8] = 1,    [PLAN_I16] = 3,
        [PLAN_I32] = 5,    [PLAN_ENUM] = 5,  [PLAN_I64] = 10,
        [PLAN_DOUBLE] = 8, [PLAN_UUID] = 16, [PLAN_STRING] = 1 + BYTES_PAIR,
        [PLAN_LIST] = 6,   [PLAN_MAP] = 6,   [PLAN_BINARY] = 1 + BYTES_PAIR,
    };
    uint32_t inner = op->code == PLAN_RECORD ? op->type->record->ops->rest : 0;
    uint32_t in_binary = 3 + binary[op->code];
    uint32_t in_compact = (op->previous_id == PLAN_NO_ID ? 4u : 1u) + compact[op->code];

    return inner + (in_binary > in_compact ? in_binary : in_compact);
}

static void find_rest(struct plan *plan)
{
    struct plan_op *ops = (struct plan_op *)(uintptr_t)plan->ops;
    uint32_t rest = 1; /* the stop */

    for (uint32_t i = plan->op_count; i > 0; i--) {
        ops[i].rest = (uint16_t)rest;
        rest += field_most(&ops[i - 1]);
    }
    ops[0].rest = (uint16_t)rest;
}

void plan_find_rest(struct plan *items, size_t count)
{
    for (uint8_t level = 1; level <= PLAN_NESTED_MOST; level++) {
        for (size_t i = 0; i < count; i++) {
            if (items[i].shallow && items[i].depth == level) {
                find_rest(&items[i]);
            }
        }
    }
}
