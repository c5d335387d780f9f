/*
 * Automatic layouts: offsets, initial images and name tables of all structs of a schema.
 *
 * Made in two passes: sizes and offsets of every struct, then images, whose defaults may be
 * records of any other struct. All of it lives in one arena.
 */
#include "value/layout.h"

#include "base/alloc.h"
#include "base/error.h"
#include "base/map.h"
#include "value/constant.h"
#include "value/mapping_index.h"
#include "value/names.h"
#include "value/record.h"

static uint32_t align_up(uint32_t offset, uint32_t alignment)
{
    return (offset + alignment - 1) & ~(alignment - 1);
}

static uint32_t larger(uint32_t a, uint32_t b) { return a > b ? a : b; }

/* Where the fields of a struct begin: behind the presence words, or a union's tag. */
static uint32_t place_presence(struct layout *layout)
{
    uint32_t words = (layout->field_count + 63) / 64;

    layout->has_offset = align_up(sizeof(thrift_record), slot_alignment(THRIFT_KIND_I64));
    layout->alignment = larger((uint32_t) _Alignof(thrift_record), slot_alignment(THRIFT_KIND_I64));
    if (layout->tagged) {
        return layout->has_offset + (uint32_t)sizeof(uint32_t);
    }
    layout->has_words = larger(words, 1);
    return layout->has_offset + layout->has_words * (uint32_t)sizeof(uint64_t);
}

static void place_fields(struct layout *layout, struct layout_field *fields)
{
    uint32_t begin = place_presence(layout), end = begin;

    if (layout->tagged) {
        begin = end = align_up(begin, layout->alignment);
    }
    for (uint32_t slot = 0; slot < layout->field_count; slot++) {
        const thrift_field *field = &layout->type->fields[slot];
        struct layout_field *place = &fields[slot];
        thrift_kind kind = field->type->kind;

        *place = (struct layout_field){.field = field,
                                       .type = field->type,
                                       .kind = kind,
                                       .slot = slot,
                                       .has = layout->tagged ? slot + 1 : slot,
                                       .size = slot_size(kind)};
        place->offset = align_up(layout->tagged ? begin : end, slot_alignment(kind));
        end = larger(end, place->offset + place->size);
    }
    layout->size = align_up(end, layout->alignment);
}

static void fill_required(const struct layout *layout, uint64_t *required)
{
    for (uint32_t slot = 0; !layout->tagged && slot < layout->field_count; slot++) {
        if (layout->type->fields[slot].requiredness == THRIFT_FIELD_REQUIRED) {
            required[slot / 64] |= UINT64_C(1) << (slot % 64);
        }
    }
}

static bool lay_out(struct layouts *all, struct layout *layout, const thrift_struct *type)
{
    struct layout_field *fields =
        arena_alloc_zero(&all->arena, type->field_count * sizeof *fields + 1);
    size_t places = names_places(type->field_count);
    struct layout_name *names = arena_alloc_zero(&all->arena, places * sizeof *names);

    if (fields == NULL || names == NULL) {
        return false;
    }
    *layout = (struct layout){.type = type,
                              .all = all,
                              .index = type->index,
                              .field_count = type->field_count,
                              .tagged = type->node.kind == THRIFT_NODE_UNION,
                              .fields = fields,
                              .names = names,
                              .name_mask = (uint32_t)places - 1};
    place_fields(layout, fields);
    names_fill(layout, names);

    uint64_t *required = arena_alloc_zero(&all->arena, (layout->has_words + 1) * sizeof *required);
    thrift_record *image = arena_alloc_zero(&all->arena, layout->size);

    if (required == NULL || image == NULL) {
        return false;
    }
    fill_required(layout, required);
    image->layout = layout;
    layout->required = required;
    layout->image = image;
    layout->shared_empty = image;
    return true;
}

/* Declared defaults into the image; a union's members share a place, so theirs stand apart. */
static bool store_defaults(struct layouts *all, const struct layout *layout,
                           struct constant_builder *builder)
{
    for (uint32_t slot = 0; slot < layout->field_count; slot++) {
        /* Both were made here and are not published yet. */
        struct layout_field *field = (struct layout_field *)(uintptr_t)&layout->fields[slot];
        uint8_t *at = (uint8_t *)(uintptr_t)layout->image + field->offset;

        if (field->field->default_value == NULL) {
            continue;
        }
        if (layout->tagged) {
            at = arena_alloc_zero(&all->arena, sizeof(union slot));
        }
        if (at == NULL || !constant_store(builder, field->type, field->field->default_value, at)) {
            return false;
        }
        field->default_slot = at;
    }
    return true;
}

static bool store_constants(struct layouts *all, struct constant_builder *builder)
{
    const thrift_schema *schema = all->schema;

    for (size_t i = 0; i < schema->node_count; i++) {
        const thrift_constant *constant = thrift_node_constant(schema->nodes[i]);

        if (constant == NULL) {
            continue;
        }
        const thrift_constant **key = arena_alloc(&all->arena, sizeof constant);
        union slot *slot = arena_alloc_zero(&all->arena, sizeof *slot);

        if (key == NULL || slot == NULL ||
            !constant_store(builder, constant->type, constant->value, slot)) {
            return false;
        }
        *key = constant;
        if (!map_put(all->constants, key, sizeof *key, slot)) {
            return false;
        }
    }
    return true;
}

static bool make_all(struct layouts *all)
{
    size_t count = all->schema->struct_count;
    struct layout *items = arena_alloc_zero(&all->arena, count * sizeof *items + 1);
    struct constant_builder builder = {
        .arena = &all->arena, .layouts = items, .allocator = all->schema->allocator};
    bool done = items != NULL && all->constants != NULL;

    for (size_t i = 0; done && i < count; i++) {
        done = lay_out(all, &items[i], all->schema->structs[i]);
    }
    for (size_t i = 0; done && i < count; i++) {
        done = store_defaults(all, &items[i], &builder);
    }
    done = done && store_constants(all, &builder) && constant_finish(&builder, &all->indexes);
    constant_deinit(&builder);
    all->items = items;
    return done;
}

static void layouts_free(struct schema_derived *derived)
{
    struct layouts *all = (struct layouts *)(void *)derived;
    thrift_allocator allocator = all->arena.allocator;

    mapping_index_free_list(all->indexes, &allocator);
    map_free(all->constants);
    arena_store_deinit(&all->store, &allocator);
    arena_deinit(&all->arena);
    mem_free(&allocator, all, sizeof *all);
}

static struct schema_derived *layouts_make(const thrift_schema *schema, thrift_error *err)
{
    struct layouts *all = mem_alloc_zero(&schema->allocator, 1, sizeof *all);

    if (all == NULL) {
        FAIL_NOMEM(err);
        return NULL;
    }
    all->derived.free = layouts_free;
    all->schema = schema;
    arena_init(&all->arena, &schema->allocator, SIZE_MAX);
    all->constants = map_new(&schema->allocator);
    if (!make_all(all)) {
        layouts_free(&all->derived);
        FAIL_NOMEM(err);
        return NULL;
    }
    return &all->derived;
}

const struct layouts *layouts_of(const thrift_schema *schema, thrift_error *err)
{
    struct schema_derived *derived = schema_derive(schema, SCHEMA_LAYOUTS, layouts_make, err);

    return (const struct layouts *)(const void *)derived;
}

const struct layout *layout_of(const thrift_schema *schema, const thrift_struct *type,
                               thrift_error *err)
{
    const struct layouts *all = layouts_of(schema, err);

    return all != NULL ? &all->items[type->index] : NULL;
}
