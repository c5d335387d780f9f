/*
 * Evaluated constants (struct const_value) into slots, lists, maps and records.
 *
 * No recursion: nested objects wait on a work stack of the builder.
 * Invariant: strings stay where they are, in the schema's arena, NUL-terminated.
 */
#include "value/constant.h"

#include "base/alloc.h"
#include "value/list.h"
#include "value/mapping_index.h"
#include "value/record.h"

#define WORK_FIRST 16

static bool push(struct constant_builder *builder, struct constant_work work)
{
    if (builder->count == builder->capacity) {
        size_t capacity = builder->capacity > 0 ? 2 * builder->capacity : WORK_FIRST;
        struct constant_work *grown =
            mem_resize(&builder->allocator, builder->work, builder->capacity * sizeof *grown,
                       capacity * sizeof *grown);

        if (grown == NULL) {
            return false;
        }
        builder->work = grown;
        builder->capacity = capacity;
    }
    builder->work[builder->count++] = work;
    return true;
}

/* The place of a list, map or record, its contents still to come. */
static bool store_object(struct constant_builder *builder, const thrift_type *type,
                         const struct const_value *value, union slot *slot)
{
    size_t size = sizeof(thrift_list);

    if (type->kind == THRIFT_KIND_RECORD) {
        size = builder->layouts[value->as.record.type->index].size;
    } else if (type->kind == THRIFT_KIND_MAP) {
        size = sizeof(thrift_map);
    }
    void *object = arena_alloc_zero(builder->arena, size);

    if (object == NULL) {
        return false;
    }
    memcpy(slot, &object, sizeof object);
    return push(builder, (struct constant_work){object, type, value});
}

bool constant_store(struct constant_builder *builder, const thrift_type *type,
                    const struct const_value *value, void *slot)
{
    union slot scalar = {.i64 = 0};

    switch (type->kind) {
    case THRIFT_KIND_BOOL:
        scalar.boolean = value->as.boolean;
        break;
    case THRIFT_KIND_I8:
        scalar.i8 = (int8_t)value->as.integer;
        break;
    case THRIFT_KIND_I16:
        scalar.i16 = (int16_t)value->as.integer;
        break;
    case THRIFT_KIND_I32:
    case THRIFT_KIND_ENUM:
        scalar.i32 = (int32_t)value->as.integer;
        break;
    case THRIFT_KIND_I64:
        scalar.i64 = value->as.integer;
        break;
    case THRIFT_KIND_DOUBLE:
        scalar.real = value->as.real;
        break;
    case THRIFT_KIND_STRING:
    case THRIFT_KIND_BINARY:
        scalar.bytes = value->as.bytes;
        break;
    case THRIFT_KIND_UUID:
        memcpy(scalar.uuid.bytes, value->as.uuid, sizeof scalar.uuid.bytes);
        break;
    case THRIFT_KIND_RECORD:
    case THRIFT_KIND_LIST:
    case THRIFT_KIND_SET:
    case THRIFT_KIND_MAP:
        return store_object(builder, type, value, slot);
    case THRIFT_KIND_NONE:
        return true;
    }
    memcpy(slot, &scalar, slot_size(type->kind));
    return true;
}

static bool fill_record(struct constant_builder *builder, thrift_record *record,
                        const struct const_value *value)
{
    const struct layout *layout = &builder->layouts[value->as.record.type->index];

    memcpy(record, layout->image, layout->size);
    for (size_t i = 0; i < value->as.record.count; i++) {
        const struct layout_field *field = &layout->fields[value->as.record.fields[i]->slot];

        if (!constant_store(builder, field->type, &value->as.record.values[i],
                            record_slot(record, field))) {
            return false;
        }
        record_mark(record, field);
    }
    return true;
}

static bool fill_list(struct constant_builder *builder, thrift_list *list, const thrift_type *type,
                      const struct const_value *value)
{
    size_t count = value->as.container.count;
    uint32_t size = slot_size(type->element->kind);
    uint8_t *items = count > 0 ? arena_alloc_zero(builder->arena, count * size) : NULL;

    if (count > 0 && items == NULL) {
        return false;
    }
    *list = (thrift_list){type, NULL, items, (uint32_t)count, (uint32_t)count};
    for (size_t i = 0; i < count; i++) {
        if (!constant_store(builder, type->element, &value->as.container.items[i],
                            items + i * size)) {
            return false;
        }
    }
    return true;
}

static bool fill_map(struct constant_builder *builder, thrift_map *map, const thrift_type *type,
                     const struct const_value *value)
{
    size_t count = value->as.container.count;
    struct constant_map *made = arena_alloc(builder->arena, sizeof *made);
    const struct const_value *items = value->as.container.items;
    struct mapping_entry entry = mapping_entry_of(type);
    uint8_t *entries = count > 0 ? arena_alloc_zero(builder->arena, count * entry.size) : NULL;

    if (made == NULL || (count > 0 && entries == NULL)) {
        return false;
    }
    *made = (struct constant_map){map, builder->maps};
    builder->maps = made;
    map->type = type;
    map->entries = entries;
    map->count = map->capacity = (uint32_t)count;
    for (size_t i = 0; i < count; i++, entries += entry.size) {
        if (!constant_store(builder, type->key, &items[2 * i], entries) ||
            !constant_store(builder, type->element, &items[2 * i + 1],
                            entries + entry.value_offset)) {
            return false;
        }
    }
    return true;
}

bool constant_finish(struct constant_builder *builder, struct mapping_index **out_indexes)
{
    bool done = true;

    while (done && builder->count > 0) {
        struct constant_work work = builder->work[--builder->count];

        if (work.value->kind == THRIFT_KIND_RECORD) {
            done = fill_record(builder, work.object, work.value);
        } else if (work.value->kind == THRIFT_KIND_MAP) {
            done = fill_map(builder, work.object, work.type, work.value);
        } else {
            done = fill_list(builder, work.object, work.type, work.value);
        }
    }
    /* Keys are complete only now. */
    for (const struct constant_map *made = builder->maps; done && made != NULL; made = made->next) {
        done = mapping_index_constant(made->map, &builder->allocator, out_indexes);
    }
    return done;
}

void constant_deinit(struct constant_builder *builder)
{
    mem_free(&builder->allocator, builder->work, builder->capacity * sizeof *builder->work);
    builder->work = NULL;
    builder->count = builder->capacity = 0;
}
