/*
 * Deep copies within one schema: whole blocks are copied, then what they point at.
 */
#include "value/copy.h"

#include "base/stack.h"
#include "value/list.h"
#include "value/mapping.h"
#include "value/object.h"
#include "value/record.h"
#include "value/translate.h"
#include "value/unknown.h"

const uint8_t bytes_shared_empty[1] = {0};

#define ROOM 16

/* An object of the root whose slots still point at the original's. */
struct copy_frame {
    const thrift_type *type;
    void *object;
    uint32_t at; /* next slot to be looked at */
};

struct copying {
    struct thrift_root *root;
    struct stack stack;
};

/* A block of `count` slots moved into the root; NULL stays NULL. */
static bool copy_block(struct thrift_root *root, void **block, size_t size)
{
    void *copy;

    if (size == 0) {
        *block = NULL;
        return true;
    }
    copy = arena_alloc(&root->arena, size);
    if (copy == NULL) {
        return false;
    }
    memcpy(copy, *block, size);
    *block = copy;
    return true;
}

static thrift_list *clone_list(struct thrift_root *root, const thrift_type *type,
                               const thrift_list *from)
{
    thrift_list *list = arena_alloc(&root->arena, sizeof *list);

    if (list == NULL) {
        return NULL;
    }
    *list = (thrift_list){type, root, from->items, from->count, from->count};
    return copy_block(root, &list->items, (size_t)list->count * slot_size(type->element->kind))
               ? list
               : NULL;
}

static thrift_map *clone_map(struct thrift_root *root, const thrift_type *type,
                             const thrift_map *from)
{
    thrift_map *map = mapping_make(root, type, 0);

    if (map == NULL) {
        return NULL;
    }
    map->entries = from->entries;
    map->count = map->capacity = from->count;
    return copy_block(root, &map->entries, (size_t)map->count * mapping_entry_of(type).size) ? map
                                                                                             : NULL;
}

static thrift_record *clone_record(struct thrift_root *root, const thrift_record *from)
{
    thrift_record *record = arena_alloc(&root->arena, from->layout->size);

    if (record != NULL) {
        memcpy(record, from, from->layout->size);
        record->root = root;
    }
    return record != NULL && unknown_copy(from, record) ? record : NULL;
}

static bool push(struct copying *copying, const thrift_type *type, void *object)
{
    struct copy_frame *frame = object != NULL ? stack_push(&copying->stack) : NULL;

    if (frame != NULL) {
        *frame = (struct copy_frame){type, object, 0};
    }
    return frame != NULL;
}

/* The object in the slot becomes the root's; what it points at follows later. */
static bool clone_object(struct copying *copying, const thrift_type *type, void **slot)
{
    struct thrift_root *root = copying->root;

    if (type->kind == THRIFT_KIND_RECORD) {
        *slot = clone_record(root, *slot);
    } else if (type->kind == THRIFT_KIND_MAP) {
        *slot = clone_map(root, type, *slot);
    } else {
        *slot = clone_list(root, type, *slot);
    }
    return push(copying, type, *slot);
}

static bool is_shared(const thrift_type *type, void *object)
{
    return object == NULL || *object_root(type->kind, object) == NULL;
}

static bool own(struct copying *copying, const thrift_type *type, void *slot)
{
    void **object = slot; /* of a record, list or map */

    switch (type->kind) {
    case THRIFT_KIND_STRING:
    case THRIFT_KIND_BINARY:
        return copy_bytes(copying->root, slot);
    case THRIFT_KIND_RECORD:
    case THRIFT_KIND_LIST:
    case THRIFT_KIND_SET:
    case THRIFT_KIND_MAP:
        return is_shared(type, *object) || clone_object(copying, type, object);
    case THRIFT_KIND_NONE:
    case THRIFT_KIND_BOOL:
    case THRIFT_KIND_I8:
    case THRIFT_KIND_I16:
    case THRIFT_KIND_I32:
    case THRIFT_KIND_I64:
    case THRIFT_KIND_DOUBLE:
    case THRIFT_KIND_UUID:
    case THRIFT_KIND_ENUM:
        break;
    }
    return true;
}

static bool plain(thrift_kind kind)
{
    return (kind >= THRIFT_KIND_BOOL && kind <= THRIFT_KIND_DOUBLE) || kind == THRIFT_KIND_ENUM ||
           kind == THRIFT_KIND_UUID;
}

/* The next slot of the object that may point at something; NULL when there is none left. Absent
 * fields hold shared defaults and stay as they are. */
static void *next_slot(struct copy_frame *frame, const thrift_type **out_type)
{
    if (frame->type->kind == THRIFT_KIND_RECORD) {
        thrift_record *record = frame->object;

        while (frame->at < record->layout->field_count) {
            const struct layout_field *field = &record->layout->fields[frame->at++];

            if (!plain(field->kind) && record_has(record, field)) {
                *out_type = field->type;
                return record_slot(record, field);
            }
        }
        return NULL;
    }
    if (frame->type->kind == THRIFT_KIND_MAP) {
        const thrift_map *map = frame->object;
        struct mapping_entry entry = mapping_entry_of(frame->type);
        uint32_t at = frame->at;

        if (at / 2 >= map->count ||
            (plain(frame->type->key->kind) && plain(frame->type->element->kind))) {
            return NULL;
        }
        frame->at++;
        *out_type = at % 2 == 0 ? frame->type->key : frame->type->element;
        return (uint8_t *)map->entries + (size_t)(at / 2) * entry.size +
               (at % 2 == 0 ? 0 : entry.value_offset);
    }
    const thrift_list *list = frame->object;

    *out_type = frame->type->element;
    if (plain((*out_type)->kind) || frame->at >= list->count) {
        return NULL;
    }
    return (uint8_t *)list->items + (size_t)frame->at++ * slot_size((*out_type)->kind);
}

static bool run(struct copying *copying)
{
    struct copy_frame *frame;

    while ((frame = stack_top(&copying->stack)) != NULL) {
        const thrift_type *type;
        void *slot = next_slot(frame, &type);

        if (slot == NULL) {
            stack_pop(&copying->stack);
        } else if (!own(copying, type, slot)) {
            return false;
        }
    }
    return true;
}

/* false: the object may belong to another schema. A container's type belongs to one schema. */
static bool same_schema(const struct thrift_root *root, const thrift_type *type, const void *object)
{
    if (type->kind == THRIFT_KIND_RECORD) {
        return ((const thrift_record *)object)->layout->all->schema == root->schema;
    }
    if (type->kind == THRIFT_KIND_MAP) {
        const thrift_map *map = object;

        return map->root != NULL ? map->root->schema == root->schema : map->type == type;
    }
    const thrift_list *list = object;

    return list->root != NULL ? list->root->schema == root->schema : list->type == type;
}

static thrift_status copy_with(struct thrift_root *root, const thrift_type *type, void **object,
                               bool always)
{
    struct copy_frame room[ROOM];
    struct copying copying = {.root = root};
    void *copy = *object;
    bool done;

    if (copy == NULL ||
        (!always && (copy == &list_shared_empty || copy == &mapping_shared_empty))) {
        return THRIFT_OK;
    }
    if (!same_schema(root, type, copy)) {
        return translate_object(root, type, object);
    }
    if (!always && is_shared(type, copy)) {
        return THRIFT_OK;
    }
    stack_init(&copying.stack, room, sizeof room, sizeof room[0], &root->arena.allocator);
    done = clone_object(&copying, type, &copy) && run(&copying);
    stack_deinit(&copying.stack);
    if (!done) {
        return root_no_memory(root);
    }
    *object = copy;
    return THRIFT_OK;
}

thrift_status copy_object(struct thrift_root *root, const thrift_type *type, void **object)
{
    return copy_with(root, type, object, false);
}

thrift_status copy_shared(struct thrift_root *root, const thrift_type *type, void **object)
{
    return copy_with(root, type, object, true);
}

thrift_status copy_record(struct thrift_root *root, const thrift_record *from, thrift_record *to)
{
    struct copy_frame room[ROOM];
    struct copying copying = {.root = root};
    bool done;

    memcpy(to, from, from->layout->size);
    to->root = root;
    stack_init(&copying.stack, room, sizeof room, sizeof room[0], &root->arena.allocator);
    done = unknown_copy(from, to) && push(&copying, &record_type_of_any, to) && run(&copying);
    stack_deinit(&copying.stack);
    return done ? THRIFT_OK : root_no_memory(root);
}
