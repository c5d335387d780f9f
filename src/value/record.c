/*
 * Records: presence, handles, roots as the program sees them.
 */
#include "value/record.h"

#include "base/map.h"
#include "value/compare.h"
#include "value/convert.h"
#include "value/copy.h"

const thrift_type record_type_of_any = {.kind = THRIFT_KIND_RECORD, .spelling = "struct"};

void record_clear(thrift_record *record, const struct layout_field *field)
{
    const struct layout *layout = record->layout;

    if (!layout->tagged) {
        record_presence(record)[field->has / 64] &= ~(UINT64_C(1) << (field->has % 64));
    } else if (*record_tag(record) == field->has) {
        *record_tag(record) = 0;
    } else {
        return;
    }
    memcpy(record_slot(record, field), (const uint8_t *)layout->image + field->offset, field->size);
}

/* The two are one struct: the same descriptor, or its like in another schema. */
static bool is_like(const thrift_struct *a, const thrift_struct *b)
{
    return a == b || (a->schema != b->schema && strcmp(a->node.name, b->node.name) == 0);
}

const struct layout_field *record_field_of(const thrift_record *record, const thrift_field *field)
{
    const struct layout *layout = record->layout;
    const struct layout_field *place;

    if (field->owner == layout->type) {
        return &layout->fields[field->slot];
    }
    place = is_like(field->owner, layout->type)
                ? layout_field_named(layout, field->node.name, strlen(field->node.name))
                : NULL;
    if (place == NULL) {
        root_mistake(record->root, THRIFT_E_NAME, field->node.name, "%s.%s is no field of %s",
                     field->owner->full_name, field->node.name, layout->type->full_name);
    }
    return place;
}

thrift_record *thrift_record_new(const thrift_schema *schema, const char *type, thrift_error *err)
{
    const thrift_struct *record;
    const struct layout *layout;
    struct thrift_root *root;

    if (schema == NULL) {
        return NULL;
    }
    record = thrift_schema_struct(schema, type);
    if (record == NULL) {
        FAIL(err, THRIFT_E_NAME, "there is no struct \"%s\"", type != NULL ? type : "");
        return NULL;
    }
    layout = layout_of(schema, record, err);
    root = layout != NULL ? root_new(layout, err) : NULL;
    return root != NULL ? root->top : NULL;
}

thrift_record *thrift_record_copy(const thrift_record *record, thrift_error *err)
{
    struct thrift_root *root;

    if (record == NULL) {
        return NULL;
    }
    root = root_new(record->layout, err);
    if (root == NULL) {
        return NULL;
    }
    if (copy_record(root, record, root->top) != THRIFT_OK) {
        root_first_mistake(root, err);
        root_free(root);
        return NULL;
    }
    return root->top;
}

static bool is_top(const thrift_record *record)
{
    return record->root != NULL && record->root->top == record;
}

static void not_a_root(const thrift_record *record)
{
    root_mistake(record->root, THRIFT_E_STATE, NULL, "a %s inside another value is no root",
                 record->layout->type->full_name);
}

void thrift_record_free(thrift_record *record)
{
    if (record == NULL) {
        return;
    }
    if (is_top(record)) {
        root_free(record->root);
    } else {
        not_a_root(record);
    }
}

void thrift_record_reset(thrift_record *record)
{
    if (record == NULL) {
        return;
    }
    if (is_top(record)) {
        root_reset(record->root, SIZE_MAX);
    } else {
        not_a_root(record);
    }
}

const thrift_struct *thrift_record_type(const thrift_record *record)
{
    return record != NULL ? record->layout->type : NULL;
}

/* Order of types first: by name, then (two schemas) by address. */
static int compare_types(const thrift_struct *a, const thrift_struct *b)
{
    int order = a == b ? 0 : strcmp(a->full_name, b->full_name);

    return order != 0 || a == b ? order : ((uintptr_t)a > (uintptr_t)b ? 1 : -1);
}

static const thrift_allocator *allocator_of(const thrift_record *record)
{
    return record->root != NULL ? &record->root->arena.allocator : NULL;
}

int thrift_record_compare(const thrift_record *a, const thrift_record *b)
{
    int order = 0;

    if (a == NULL || b == NULL) {
        return (a != NULL) - (b != NULL);
    }
    order = compare_types(a->layout->type, b->layout->type);
    if (order == 0 &&
        compare_slots(&record_type_of_any, &a, &b, allocator_of(a), &order) != THRIFT_OK) {
        root_mistake(a->root, THRIFT_E_NOMEM, NULL, "out of memory while comparing");
        order = (uintptr_t)a > (uintptr_t)b ? 1 : -1;
    }
    return order;
}

bool thrift_record_equal(const thrift_record *a, const thrift_record *b)
{
    return thrift_record_compare(a, b) == 0;
}

uint64_t thrift_record_hash(const thrift_record *record)
{
    uint64_t hash = 0;

    if (record != NULL &&
        hash_slot(&record_type_of_any, &record, allocator_of(record), &hash) != THRIFT_OK) {
        root_mistake(record->root, THRIFT_E_NOMEM, NULL, "out of memory while hashing");
    }
    return hash;
}

thrift_value thrift_field_default(const thrift_field *field)
{
    const struct layout *layout;

    if (field == NULL || field->default_value == NULL) {
        return thrift_value_none(NULL);
    }
    layout = layout_of(field->owner->schema, field->owner, NULL);
    return layout != NULL ? slot_value(field->type, layout->fields[field->slot].default_slot, NULL)
                          : thrift_value_none(NULL);
}

thrift_value thrift_constant_value(const thrift_constant *constant)
{
    const struct layouts *all = constant != NULL ? layouts_of(constant->schema, NULL) : NULL;
    const void *slot = all != NULL ? map_get(all->constants, &constant, sizeof constant) : NULL;

    return slot != NULL ? slot_value(constant->type, slot, NULL) : thrift_value_none(NULL);
}
