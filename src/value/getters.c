/*
 * Reading fields by name, path and handle. A plain name costs one look-up; what is no field's name
 * is read as a path.
 */
#include "value/convert.h"
#include "value/names.h"
#include "value/object.h"
#include "value/place.h"

/* Where a name leads. By value, so that it stands in registers. */
struct found {
    const void *slot; /* NULL: nothing there, or a mistake (noted) */
    const thrift_type *type;
};

/* What is no field's name: a path, or a mistake. */
static __attribute__((noinline)) struct found find_path(const thrift_record *record,
                                                        const char *path)
{
    struct place place;

    return place_find(record, path, &place) ? (struct found){place.slot, place.type}
                                            : (struct found){NULL, NULL};
}

static inline struct found find(const thrift_record *record, const char *name)
{
    const struct layout_field *field;

    if (record == NULL || name == NULL) {
        return (struct found){NULL, NULL};
    }
    field = names_look_up(record->layout, name);
    return field != NULL ? (struct found){record_read(record, field), field->type}
                         : find_path(record, name);
}

static __attribute__((noinline)) void misread(const thrift_record *record, const char *name,
                                              const thrift_type *type, const char *wanted)
{
    root_mistake(record->root, THRIFT_E_TYPE, name, "%s was read as %s", type->spelling, wanted);
}

bool thrift_has(const thrift_record *record, const char *name)
{
    const struct layout_field *field;
    struct place place;

    if (record == NULL || name == NULL) {
        return false;
    }
    field = names_look_up(record->layout, name);
    if (field != NULL) {
        return record_has(record, field);
    }
    return place_find(record, name, &place) && place.present;
}

/* Kind none for an absent field without a declared default. */
static thrift_value field_value(const thrift_record *record, const struct layout_field *field)
{
    if (record_has(record, field)) {
        return slot_value(field->type, record_slot_const(record, field), record->root);
    }
    return field->default_slot != NULL ? slot_value(field->type, field->default_slot, record->root)
                                       : thrift_value_none(NULL);
}

thrift_value thrift_get(const thrift_record *record, const char *name)
{
    const struct layout_field *field;
    struct place place;

    if (record == NULL || name == NULL) {
        return thrift_value_none(NULL);
    }
    field = names_look_up(record->layout, name);
    if (field != NULL) {
        return field_value(record, field);
    }
    if (!place_find(record, name, &place) || place.slot == NULL) {
        return thrift_value_none(NULL);
    }
    return slot_value(place.type, place.slot, record->root);
}

bool thrift_get_bool(const thrift_record *record, const char *name)
{
    struct found found = find(record, name);
    const bool *slot = found.slot;

    if (slot != NULL && found.type->kind != THRIFT_KIND_BOOL) {
        misread(record, name, found.type, "bool");
        return false;
    }
    return slot != NULL && *slot;
}

/* An integer of at most `widest` in the slot; an enum is as wide as i32. */
static __attribute__((noinline)) int64_t integer_in(const thrift_record *record, const char *name,
                                                    struct found found, thrift_kind widest,
                                                    const char *wanted)
{
    const void *slot = found.slot;
    thrift_kind kind;

    if (slot == NULL) {
        return 0;
    }
    kind = found.type->kind;
    if (kind == THRIFT_KIND_I32 || kind == THRIFT_KIND_ENUM) {
        if (widest >= THRIFT_KIND_I32) {
            return *(const int32_t *)slot;
        }
    } else if (kind >= THRIFT_KIND_I8 && kind <= widest) {
        return kind == THRIFT_KIND_I64   ? *(const int64_t *)slot
               : kind == THRIFT_KIND_I16 ? *(const int16_t *)slot
                                         : *(const int8_t *)slot;
    }
    misread(record, name, found.type, wanted);
    return 0;
}

static int64_t get_integer(const thrift_record *record, const char *name, thrift_kind widest,
                           const char *wanted)
{
    return integer_in(record, name, find(record, name), widest, wanted);
}

int8_t thrift_get_i8(const thrift_record *record, const char *name)
{
    return (int8_t)get_integer(record, name, THRIFT_KIND_I8, "i8");
}

int16_t thrift_get_i16(const thrift_record *record, const char *name)
{
    return (int16_t)get_integer(record, name, THRIFT_KIND_I16, "i16");
}

int32_t thrift_get_i32(const thrift_record *record, const char *name)
{
    struct found found = find(record, name);
    const int32_t *slot = found.slot;

    if (slot != NULL && found.type->kind == THRIFT_KIND_I32) {
        return *slot;
    }
    return (int32_t)integer_in(record, name, found, THRIFT_KIND_I32, "i32");
}

int64_t thrift_get_i64(const thrift_record *record, const char *name)
{
    return get_integer(record, name, THRIFT_KIND_I64, "i64");
}

double thrift_get_double(const thrift_record *record, const char *name)
{
    struct found found = find(record, name);
    const double *slot = found.slot;

    if (slot != NULL && found.type->kind != THRIFT_KIND_DOUBLE) {
        misread(record, name, found.type, "double");
        return 0;
    }
    return slot != NULL ? *slot : 0;
}

/* What is no copy of a string. */
static __attribute__((noinline)) const char *other_string(const thrift_record *record,
                                                          const char *name, struct found found)
{
    const void *slot = found.slot;

    if (kind_is_text(found.type->kind)) {
        root_mistake(record->root, THRIFT_E_TYPE, name,
                     "a view into the input was read as a C string, not as bytes");
        return NULL;
    }
    if (found.type->kind == THRIFT_KIND_ENUM) {
        return thrift_symbol_name(
            thrift_enum_by_number(found.type->symbols, *(const int32_t *)slot));
    }
    misread(record, name, found.type, "string");
    return NULL;
}

const char *thrift_get_string(const thrift_record *record, const char *name)
{
    struct found found = find(record, name);
    const thrift_bytes *text = found.slot;

    if (text == NULL) {
        return NULL;
    }
    return kind_is_text(found.type->kind) && !root_is_view(record->root, *text)
               ? (const char *)text->data
               : other_string(record, name, found);
}

thrift_bytes thrift_get_bytes(const thrift_record *record, const char *name)
{
    struct found found = find(record, name);
    const thrift_bytes *slot = found.slot;

    if (slot != NULL && !kind_is_text(found.type->kind)) {
        misread(record, name, found.type, "bytes");
        slot = NULL;
    }
    return slot != NULL ? *slot : (thrift_bytes){NULL, 0};
}

thrift_uuid thrift_get_uuid(const thrift_record *record, const char *name)
{
    struct found found = find(record, name);
    const thrift_uuid *slot = found.slot;

    if (slot != NULL && found.type->kind != THRIFT_KIND_UUID) {
        misread(record, name, found.type, "uuid");
        slot = NULL;
    }
    return slot != NULL ? *slot : (thrift_uuid){{0}};
}

static const void *get_object(const thrift_record *record, const char *name, thrift_kind kind,
                              thrift_kind also, const char *wanted)
{
    struct found found = find(record, name);
    const void *slot = found.slot;

    if (slot == NULL) {
        return NULL;
    }
    if (found.type->kind != kind && found.type->kind != also) {
        misread(record, name, found.type, wanted);
        return NULL;
    }
    return slot_object(slot);
}

const thrift_record *thrift_get_record(const thrift_record *record, const char *name)
{
    return get_object(record, name, THRIFT_KIND_RECORD, THRIFT_KIND_RECORD, "struct");
}

const thrift_list *thrift_get_list(const thrift_record *record, const char *name)
{
    return get_object(record, name, THRIFT_KIND_LIST, THRIFT_KIND_SET, "list");
}

const thrift_map *thrift_get_map(const thrift_record *record, const char *name)
{
    return get_object(record, name, THRIFT_KIND_MAP, THRIFT_KIND_MAP, "map");
}

thrift_value thrift_record_get(const thrift_record *record, const thrift_field *field)
{
    const struct layout_field *place;

    if (record == NULL || field == NULL) {
        return thrift_value_none(NULL);
    }
    place = record_field_of(record, field);
    return place != NULL ? field_value(record, place) : thrift_value_none(NULL);
}

const thrift_field *thrift_union_member(const thrift_record *record)
{
    uint32_t tag;

    if (record == NULL) {
        return NULL;
    }
    if (!record->layout->tagged) {
        root_mistake(record->root, THRIFT_E_TYPE, NULL, "%s is no union",
                     record->layout->type->full_name);
        return NULL;
    }
    tag = record_tag_const(record);
    return tag != 0 ? record->layout->fields[tag - 1].field : NULL;
}
