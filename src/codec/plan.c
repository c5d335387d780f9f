/*
 * Making plans: types first, so that operations can point at them; smallest sizes last, because
 * they depend on each other.
 */
#include "codec/plan.h"

#include "base/alloc.h"
#include "base/error.h"
#include "codec/plan_flat.h"
#include "wire/compact.h"
#include "wire/wire_type.h"

#define DENSE_MOST 1024u
#define LEAST_MOST 65535u
/* Smallest sizes grow with each pass; stopping early leaves them smaller, which is safe. */
#define LEAST_PASSES 4

static const struct {
    uint8_t code, wire;
} kinds[] = {
    [THRIFT_KIND_BOOL] = {PLAN_BOOL, WIRE_BOOL},
    [THRIFT_KIND_I8] = {PLAN_I8, WIRE_I8},
    [THRIFT_KIND_I16] = {PLAN_I16, WIRE_I16},
    [THRIFT_KIND_I32] = {PLAN_I32, WIRE_I32},
    [THRIFT_KIND_I64] = {PLAN_I64, WIRE_I64},
    [THRIFT_KIND_DOUBLE] = {PLAN_DOUBLE, WIRE_DOUBLE},
    [THRIFT_KIND_STRING] = {PLAN_STRING, WIRE_STRING},
    [THRIFT_KIND_BINARY] = {PLAN_BINARY, WIRE_STRING},
    [THRIFT_KIND_UUID] = {PLAN_UUID, WIRE_UUID},
    [THRIFT_KIND_ENUM] = {PLAN_ENUM, WIRE_I32},
    [THRIFT_KIND_RECORD] = {PLAN_RECORD, WIRE_STRUCT},
    [THRIFT_KIND_LIST] = {PLAN_LIST, WIRE_LIST},
    [THRIFT_KIND_SET] = {PLAN_LIST, WIRE_SET},
    [THRIFT_KIND_MAP] = {PLAN_MAP, WIRE_MAP},
};

/* Types still to be made; `place` is where the pointer to each goes. */
struct type_work {
    const thrift_type *type;
    const struct plan_type **place;
};

struct builder {
    struct plans *all;
    struct plan *items;
    struct type_work *work;
    size_t count, capacity;
};

static bool later(struct builder *builder, const thrift_type *type, const struct plan_type **place)
{
    if (builder->count == builder->capacity) {
        size_t capacity = builder->capacity == 0 ? 16 : 2 * builder->capacity;
        struct type_work *work =
            mem_resize(&builder->all->arena.allocator, builder->work,
                       builder->capacity * sizeof *work, capacity * sizeof *work);

        if (work == NULL) {
            return false;
        }
        builder->work = work;
        builder->capacity = capacity;
    }
    builder->work[builder->count++] = (struct type_work){type, place};
    return true;
}

static bool make_one(struct builder *builder, const thrift_type *type,
                     const struct plan_type **place)
{
    struct plan_type *made = arena_alloc_zero(&builder->all->arena, sizeof *made);

    if (made == NULL) {
        return false;
    }
    made->code = kinds[type->kind].code;
    made->wire = kinds[type->kind].wire;
    made->size = slot_size(type->kind);
    made->type = type;
    *place = made;
    made->leafy = plan_is_leafy(type);
    made->flat = plan_is_flat(builder->items, type);
    if (made->code == PLAN_RECORD) {
        made->record = &builder->items[type->record->index];
        return true;
    }
    if (made->code == PLAN_MAP) {
        uint32_t alignment = slot_alignment(type->element->kind);
        uint32_t whole = slot_alignment(type->key->kind);

        whole = whole > alignment ? whole : alignment;
        made->value_offset = (slot_size(type->key->kind) + alignment - 1) & ~(alignment - 1);
        made->entry_size =
            (made->value_offset + slot_size(type->element->kind) + whole - 1) & ~(whole - 1);
        return later(builder, type->key, &made->key) &&
               later(builder, type->element, &made->element);
    }
    return made->code != PLAN_LIST || later(builder, type->element, &made->element);
}

/* The type and all that it is made of, without recursion. */
static bool make_type(struct builder *builder, const thrift_type *type,
                      const struct plan_type **place)
{
    bool done = later(builder, type, place);

    while (done && builder->count > 0) {
        struct type_work next = builder->work[--builder->count];

        done = make_one(builder, next.type, next.place);
    }
    return done;
}

static void fill_op(struct plan_op *op, const struct layout *layout, int16_t previous_id)
{
    const struct layout_field *field = op->field;
    int32_t delta = field->field->id - previous_id;
    bool near = !layout->tagged && !layout->native && field->has < 64;

    op->code = op->type->code;
    op->wire = op->type->wire;
    op->id = field->field->id;
    op->previous_id = PLAN_NO_ID;
    op->head = plan_head(op->wire, op->id);
    op->offset = field->offset;
    op->has = near ? UINT64_C(1) << field->has : 0;
    op->expected = near ? op->head : PLAN_NO_HEAD;
    op->compact_expected = PLAN_NO_COMPACT_HEAD;
    op->requiredness = (uint8_t)field->field->requiredness;
    op->left_out = near && field->field->requiredness == THRIFT_FIELD_OPTIONAL;
    op->binary_need = (uint8_t)(3 + binary_least[op->wire]);
    op->compact_need = (uint8_t)(1 + (op->code == PLAN_BOOL ? 0 : compact_least[op->wire]));
    op->shift = (uint8_t)(64 - 8 * binary_least[op->wire]);
    op->compact_span = op->code == PLAN_BOOL;
    if (delta > 0 && delta <= 15) {
        op->previous_id = previous_id;
        op->compact_head = (uint8_t)((unsigned)delta << 4 | wire_to_compact[op->wire]);
        if (near) {
            op->compact_expected = op->compact_head;
        }
    }
}

static bool make_ops(struct builder *builder, struct plan *plan, const thrift_struct *type)
{
    struct arena *arena = &builder->all->arena;
    struct plan_op *ops = arena_alloc_zero(arena, (type->field_count + 1) * sizeof *ops);
    int16_t previous_id = 0;

    if (ops == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < type->field_count; i++) {
        const thrift_field *field = type->by_id[i];

        ops[i].field = &plan->layout->fields[field->slot];
        if (!make_type(builder, field->type, &ops[i].type)) {
            return false;
        }
        fill_op(&ops[i], plan->layout, previous_id);
        previous_id = field->id;
        plan->required_count += field->requiredness == THRIFT_FIELD_REQUIRED;
        plan->all |= ops[i].has;
        if (ops[i].has == 0) {
            plan->far = true;
        } else if (field->requiredness == THRIFT_FIELD_REQUIRED) {
            plan->required |= ops[i].has;
        }
    }
    ops[type->field_count].code = PLAN_END;
    ops[type->field_count].id = INT16_MIN; /* behind no field */
    ops[type->field_count].expected = PLAN_NO_HEAD;
    ops[type->field_count].compact_expected = PLAN_NO_COMPACT_HEAD;
    ops[type->field_count].binary_need = ops[type->field_count].compact_need = UINT8_MAX;
    ops[type->field_count].previous_id = PLAN_NO_ID;
    plan->ops = ops;
    plan->op_count = type->field_count;
    plan->end = ops + type->field_count;
    return true;
}

/* Ids that are small and not negative, as nearly all are. */
static bool make_dense(struct plans *all, struct plan *plan)
{
    uint32_t most = 0;
    uint16_t *dense;

    for (uint32_t i = 0; i < plan->op_count; i++) {
        int16_t id = plan->ops[i].id;

        if (id >= 0 && (uint32_t)id < DENSE_MOST && (uint32_t)id < 16 + 8 * plan->op_count) {
            most = (uint32_t)id + 1;
        }
    }
    dense = arena_alloc_zero(&all->arena, most * sizeof *dense + 1);
    if (dense == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < plan->op_count; i++) {
        int16_t id = plan->ops[i].id;

        if (id >= 0 && (uint32_t)id < most) {
            dense[id] = (uint16_t)(i + 1);
        }
    }
    plan->dense = dense;
    plan->dense_count = most;
    return true;
}

const struct plan_op *plan_search(const struct plan *plan, int16_t id)
{
    uint32_t low = 0, high = plan->op_count;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;

        if (plan->ops[middle].id < id) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < plan->op_count && plan->ops[low].id == id ? &plan->ops[low] : NULL;
}

static void grow_least(struct plan *plan)
{
    uint32_t binary = 1, compact = 1; /* the stop */

    for (uint32_t i = 0; i < plan->op_count; i++) {
        const struct plan_op *op = &plan->ops[i];

        if (op->requiredness == THRIFT_FIELD_REQUIRED && !plan->tagged) {
            binary += 3 + plan_least(op->type, binary_least, false, false);
            compact +=
                1 + (op->code == PLAN_BOOL ? 0 : plan_least(op->type, compact_least, true, false));
        }
    }
    plan->binary_least = binary < LEAST_MOST ? binary : LEAST_MOST;
    plan->compact_least = compact < LEAST_MOST ? compact : LEAST_MOST;
}

static bool make_all(struct plans *all)
{
    const thrift_schema *schema = all->schema;
    size_t count = schema->struct_count;
    struct plan *items = arena_alloc_zero(&all->arena, count * sizeof *items + 1);
    struct builder builder = {.all = all, .items = items};
    bool done = items != NULL;

    all->items = items;
    for (size_t i = 0; done && i < count; i++) {
        items[i].layout = layout_made(schema->structs[i]);
    }
    if (done) {
        plan_find_flat(items, count);
    }
    for (size_t i = 0; done && i < count; i++) {
        items[i].tagged = items[i].layout->tagged;
        items[i].has_offset = items[i].layout->has_offset;
        items[i].image = items[i].layout->image;
        items[i].size = items[i].layout->size;
        items[i].binary_least = items[i].compact_least = 1;
        done = make_ops(&builder, &items[i], schema->structs[i]) && make_dense(all, &items[i]);
    }
    if (done) {
        plan_find_rest(items, count);
    }
    for (size_t pass = 0; done && pass < LEAST_PASSES; pass++) {
        for (size_t i = 0; i < count; i++) {
            grow_least(&items[i]);
        }
    }
    for (size_t i = 0; done && i < count; i++) {
        items[i].may_be_empty = items[i].binary_least == 1 && !items[i].far;
    }
    mem_free(&all->arena.allocator, builder.work, builder.capacity * sizeof *builder.work);
    return done;
}

static void plans_free(struct schema_derived *derived)
{
    struct plans *all = (struct plans *)(void *)derived;
    thrift_allocator allocator = all->arena.allocator;

    arena_deinit(&all->arena);
    mem_free(&allocator, all, sizeof *all);
}

static struct schema_derived *plans_make(const thrift_schema *schema, thrift_error *err)
{
    struct plans *all;

    if (layouts_of(schema, err) == NULL) {
        return NULL;
    }
    all = mem_alloc_zero(&schema->allocator, 1, sizeof *all);
    if (all == NULL) {
        FAIL_NOMEM(err);
        return NULL;
    }
    all->derived.free = plans_free;
    all->schema = schema;
    arena_init(&all->arena, &schema->allocator, SIZE_MAX);
    if (!make_all(all)) {
        plans_free(&all->derived);
        FAIL_NOMEM(err);
        return NULL;
    }
    return &all->derived;
}

/* Whoever has a layout finds its plan without a look at the schema. */
static void show_plans(const struct plans *all)
{
    for (size_t i = 0; i < all->schema->struct_count; i++) {
        struct layout *layout = (struct layout *)(uintptr_t)all->items[i].layout;

        atomic_store_explicit(&layout->plan, &all->items[i], memory_order_release);
    }
}

const struct plans *plans_of(const thrift_schema *schema, thrift_error *err)
{
    const struct schema_derived *derived = schema_derive(schema, SCHEMA_PLANS, plans_make, err);
    const struct plans *all = (const struct plans *)(const void *)derived;

    if (all != NULL) {
        show_plans(all);
    }
    return all;
}
