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

    for (uint32_t i = 0; i < type->field_count; i++) {
        const thrift_type *field = type->by_id[i]->type;
        const struct plan *inner = inner_of(items, field);

        if (!is_leaf(field) && !(leafy && plan_is_leafy(field)) &&
            (inner == NULL || !inner->nested || inner->depth >= level)) {
            return false;
        }
    }
    return may_be_flat(type, plan->layout);
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
