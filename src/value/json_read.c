/*
 * Jansson's trees into records, with an explicit stack.
 */
#include <jansson.h>
#include <math.h>

#include "base/base64.h"
#include "base/integer.h"
#include "base/number.h"
#include "base/stack.h"
#include "base/text.h"
#include "base/uuid.h"
#include "value/convert.h"
#include "value/copy.h"
#include "value/json.h"
#include "value/object.h"

#define ROOM 16

struct read_frame {
    const thrift_type *type;
    void *object;
    json_t *in;
    void *member; /* of an object in Jansson: the next one to be read */
    size_t at;    /* of a list: the next item; of a record: the slot that was read last, + 1 */
};

struct json_reader {
    const struct json_rules *rules;
    thrift_error *err;
    struct thrift_root *root;
    struct stack stack;
    uint32_t structs; /* records on the stack */
};

static bool no_memory(struct json_reader *reader)
{
    arena_fail(&reader->root->arena, reader->err);
    return false;
}

static const char *tree_name(const json_t *json)
{
    static const char *const names[] = {
        [JSON_OBJECT] = "an object", [JSON_ARRAY] = "a list",  [JSON_STRING] = "a string",
        [JSON_INTEGER] = "a number", [JSON_REAL] = "a number", [JSON_TRUE] = "true",
        [JSON_FALSE] = "false",      [JSON_NULL] = "null"};

    return names[json_typeof(json)];
}

static bool misfit(struct json_reader *reader, const thrift_type *type, const json_t *json)
{
    FAIL(reader->err, THRIFT_E_TYPE, "%s does not fit %s", tree_name(json), type->spelling);
    return false;
}

static bool bad_text(struct json_reader *reader, const thrift_type *type, thrift_bytes text)
{
    char quoted[TEXT_QUOTED_SIZE];

    FAIL(reader->err, type->kind == THRIFT_KIND_ENUM ? THRIFT_E_NAME : THRIFT_E_TYPE,
         type->kind == THRIFT_KIND_ENUM ? "%s is no symbol of %s" : "%s is no %s",
         text_quote(text.data, text.size, quoted), type->spelling);
    return false;
}

/* A number as a value of that type, with the type's own checks. */
static bool take_number(struct json_reader *reader, const thrift_type *type, int64_t number,
                        union slot *out)
{
    thrift_status status;

    if (type->kind == THRIFT_KIND_I8 && reader->rules->i8_unsigned && number > INT8_MAX &&
        number <= UINT8_MAX) {
        number = (int8_t)number;
    }
    status = slot_take(type, thrift_value_integer(number), out);
    if (status == THRIFT_E_RANGE) {
        FAIL(reader->err, status, "%lld does not fit %s", (long long)number, type->spelling);
    } else if (status != THRIFT_OK) {
        FAIL(reader->err, status, "a number does not fit %s", type->spelling);
    } else if (type->kind == THRIFT_KIND_ENUM && !reader->rules->accept_enum &&
               thrift_enum_by_number(type->symbols, out->i32) == NULL) {
        FAIL(reader->err, THRIFT_E_RANGE, "%lld is no symbol of %s", (long long)number,
             type->spelling);
        return false;
    }
    return status == THRIFT_OK;
}

static bool is_word(thrift_bytes text, const char *word)
{
    return text.size == strlen(word) && memcmp(text.data, word, text.size) == 0;
}

static bool take_double_text(thrift_bytes text, double *out)
{
    const uint8_t *end = text.data + text.size;

    if (is_word(text, "NaN") || is_word(text, "nan")) {
        *out = (double)NAN;
    } else if (is_word(text, "Infinity") || is_word(text, "inf")) {
        *out = HUGE_VAL;
    } else if (is_word(text, "-Infinity") || is_word(text, "-inf")) {
        *out = -HUGE_VAL;
    } else {
        return number_read_json(text.data, end, out) == end && isfinite(*out);
    }
    return true;
}

static bool take_base64(struct json_reader *reader, const thrift_type *type, thrift_bytes text,
                        thrift_bytes *out)
{
    uint8_t *bytes = arena_alloc_aligned(&reader->root->arena, base64_bytes_most(text.size) + 1, 1);
    size_t size;

    if (bytes == NULL) {
        return no_memory(reader);
    }
    if (!base64_read(text.data, text.size, bytes, &size)) {
        FAIL(reader->err, THRIFT_E_TYPE, "the text is not base64, as %s is written",
             type->spelling);
        return false;
    }
    bytes[size] = '\0';
    *out = (thrift_bytes){bytes, size};
    return true;
}

static bool take_bool_text(thrift_bytes text, bool *out)
{
    *out = is_word(text, "true");
    return *out || is_word(text, "false");
}

/* A string of JSON: a key, or a value. A bool is text as a key only. */
static bool take_text(struct json_reader *reader, const thrift_type *type, thrift_bytes text,
                      bool key, union slot *out)
{
    const uint8_t *at = text.data;
    thrift_value value = {THRIFT_KIND_STRING, 0, NULL, {false}};
    int64_t number;

    value.as.bytes = text;
    if (type->kind == THRIFT_KIND_STRING ||
        (type->kind == THRIFT_KIND_BINARY && reader->rules->binary_as_text)) {
        out->bytes = text;
        return copy_bytes(reader->root, &out->bytes) || no_memory(reader);
    }
    if (type->kind == THRIFT_KIND_BINARY) {
        return take_base64(reader, type, text, &out->bytes);
    }
    if ((type->kind == THRIFT_KIND_DOUBLE && take_double_text(text, &out->real)) ||
        (type->kind == THRIFT_KIND_BOOL && key && take_bool_text(text, &out->boolean)) ||
        ((type->kind == THRIFT_KIND_UUID || type->kind == THRIFT_KIND_ENUM) &&
         slot_take(type, value, out) == THRIFT_OK)) {
        return true;
    }
    if (type->kind != THRIFT_KIND_BOOL && type->kind != THRIFT_KIND_DOUBLE &&
        integer_read_i64(&at, text.data + text.size, &number) == INTEGER_OK &&
        at == text.data + text.size) {
        return take_number(reader, type, number, out);
    }
    return bad_text(reader, type, text);
}

static bool take_leaf(struct json_reader *reader, const thrift_type *type, const json_t *json,
                      union slot *out)
{
    if (json_is_string(json)) {
        thrift_bytes text = {(const uint8_t *)json_string_value(json), json_string_length(json)};

        return take_text(reader, type, text, false, out);
    }
    if (type->kind == THRIFT_KIND_BOOL && json_is_boolean(json)) {
        out->boolean = json_is_true(json);
        return true;
    }
    if (type->kind == THRIFT_KIND_DOUBLE && json_is_number(json)) {
        out->real = json_number_value(json);
        return true;
    }
    if (json_is_integer(json) && type->kind != THRIFT_KIND_BOOL) {
        return take_number(reader, type, json_integer_value(json), out);
    }
    return misfit(reader, type, json);
}

static bool fits_tree(const thrift_type *type, const json_t *json)
{
    if (kind_is_list(type->kind)) {
        return json_is_array(json);
    }
    return type->kind == THRIFT_KIND_RECORD || !kind_is_object(type->key->kind)
               ? json_is_object(json)
               : json_is_array(json);
}

static void *make_object(struct thrift_root *root, const thrift_type *type, size_t count)
{
    if (type->kind == THRIFT_KIND_RECORD) {
        return record_make(root, layout_made(type->record));
    }
    if (count > UINT32_MAX) {
        return NULL;
    }
    return type->kind == THRIFT_KIND_MAP ? (void *)mapping_make(root, type, (uint32_t)count)
                                         : (void *)list_make(root, type, (uint32_t)count);
}

static bool push(struct json_reader *reader, const thrift_type *type, void *object, json_t *json)
{
    struct read_frame *frame;

    reader->structs += type->kind == THRIFT_KIND_RECORD;
    if (reader->stack.count >= reader->rules->depth_most ||
        reader->structs > reader->rules->struct_depth_most) {
        FAIL(reader->err, THRIFT_E_LIMIT, "deeper than %u levels, or %u structs",
             (unsigned)reader->rules->depth_most, (unsigned)reader->rules->struct_depth_most);
        return false;
    }
    frame = stack_push(&reader->stack);
    if (frame == NULL) {
        FAIL_NOMEM(reader->err);
        return false;
    }
    *frame = (struct read_frame){type, object, json, json_object_iter(json), 0};
    return true;
}

/* The value of a field, item or entry; the contents of an object follow. */
static bool take_value(struct json_reader *reader, const thrift_type *type, json_t *json,
                       union slot *out)
{
    size_t count = json_is_array(json) ? json_array_size(json) : json_object_size(json);

    if (!kind_is_object(type->kind)) {
        return take_leaf(reader, type, json, out);
    }
    if (!fits_tree(type, json)) {
        return misfit(reader, type, json);
    }
    out->object = make_object(reader->root, type, count);
    return (out->object != NULL || no_memory(reader)) && push(reader, type, out->object, json);
}

static bool lacks(struct json_reader *reader, const thrift_record *record)
{
    const struct layout *layout = record->layout;

    for (uint32_t i = 0; !reader->rules->accept_missing && i < layout->has_words; i++) {
        uint64_t lacking = layout->required[i] & ~record_presence_const(record)[i];

        if (lacking != 0) {
            const struct layout_field *field =
                &layout->fields[64 * i + (uint32_t)__builtin_ctzll(lacking)];

            FAIL(reader->err, THRIFT_E_REQUIRED, "required field %s of %s is missing",
                 field->field->node.name, layout->type->full_name);
            error_set_source(reader->err, field->field->node.name);
            return true;
        }
    }
    if (layout->tagged && record_tag_const(record) == 0 && !reader->rules->accept_union) {
        FAIL(reader->err, THRIFT_E_CORRUPT, "no member of union %s", layout->type->full_name);
        return true;
    }
    return false;
}

static bool unknown_member(struct json_reader *reader, const thrift_record *record,
                           const char *name, size_t size)
{
    char quoted[TEXT_QUOTED_SIZE];

    if (!reader->rules->refuse_unknown) {
        return true;
    }
    FAIL(reader->err, THRIFT_E_NAME, "%s has no field %s", record->layout->type->full_name,
         text_quote(name, size, quoted));
    return false;
}

static bool read_field(struct json_reader *reader, struct read_frame *frame, const char *name,
                       size_t size, json_t *json)
{
    thrift_record *record = frame->object;
    const struct layout_field *field = layout_field_in_json(record->layout, name, size);
    union slot slot;

    frame->at = 0;
    if (field == NULL) {
        return unknown_member(reader, record, name, size);
    }
    frame->at = field->slot + 1;
    if (json_is_null(json)) {
        return true;
    }
    if (record->layout->tagged && record_tag_const(record) != 0) {
        if (!reader->rules->accept_union) {
            FAIL(reader->err, THRIFT_E_CORRUPT, "two members of union %s",
                 record->layout->type->full_name);
            return false;
        }
        memset(record_slot(record, field), 0, record->layout->size - field->offset);
    }
    if (!take_value(reader, field->type, json, &slot)) {
        return false;
    }
    slot_store(field->kind, record_slot(record, field), &slot);
    record_mark(record, field);
    return true;
}

/* A new entry with this key and a value of zero bytes. */
static uint8_t *append_entry(struct json_reader *reader, thrift_map *map, const union slot *key)
{
    struct mapping_entry entry = mapping_entry_of(map->type);
    uint8_t *at;

    if (!mapping_reserve(map, 1)) {
        no_memory(reader);
        return NULL;
    }
    at = (uint8_t *)map->entries + (size_t)map->count++ * entry.size;
    memset(at, 0, entry.size);
    slot_store(map->type->key->kind, at, key);
    return at;
}

static bool read_entry(struct json_reader *reader, const thrift_type *type, thrift_map *map,
                       thrift_bytes name, json_t *json)
{
    union slot key, value = {.i64 = 0};
    uint8_t *at;

    if (!take_text(reader, type->key, name, true, &key)) {
        return false;
    }
    at = append_entry(reader, map, &key);
    if (at == NULL || !take_value(reader, type->element, json, &value)) {
        return false;
    }
    slot_store(type->element->kind, at + mapping_entry_of(type).value_offset, &value);
    return true;
}

/* {"key": …, "value": …}; the key's contents are read after the value's, both later. */
static bool read_pair(struct json_reader *reader, const thrift_type *type, thrift_map *map,
                      json_t *pair)
{
    json_t *key_json = json_object_get(pair, "key"), *json = json_object_get(pair, "value");
    union slot key = {.i64 = 0}, value = {.i64 = 0};
    uint8_t *at;

    if (key_json == NULL || json == NULL) {
        FAIL(reader->err, THRIFT_E_TYPE, "an entry of %s is {\"key\": ..., \"value\": ...}",
             type->spelling);
        return false;
    }
    at = append_entry(reader, map, &key);
    if (at == NULL || !take_value(reader, type->key, key_json, &key)) {
        return false;
    }
    slot_store(type->key->kind, at, &key);
    if (!take_value(reader, type->element, json, &value)) {
        return false;
    }
    slot_store(type->element->kind, at + mapping_entry_of(type).value_offset, &value);
    return true;
}

static bool read_item(struct json_reader *reader, const thrift_type *type, void *object,
                      json_t *json)
{
    thrift_list *list = object;
    union slot slot = {.i64 = 0};

    if (type->kind == THRIFT_KIND_MAP) {
        return read_pair(reader, type, object, json);
    }
    if (!list_reserve(list, 1)) {
        return no_memory(reader);
    }
    memset(list_slot(list, list->count), 0, slot_size(type->element->kind));
    if (!take_value(reader, type->element, json, &slot)) {
        return false;
    }
    slot_store(type->element->kind, list_slot(list, list->count++), &slot);
    return true;
}

/* The next part of the object on top, or its end. */
static bool read_next(struct json_reader *reader, struct read_frame *frame)
{
    json_t *json = frame->in;
    void *member = frame->member;

    if (json_is_array(json) && frame->at < json_array_size(json)) {
        return read_item(reader, frame->type, frame->object, json_array_get(json, frame->at++));
    }
    if (json_is_object(json) && member != NULL) {
        const char *name = json_object_iter_key(member);
        size_t size = json_object_iter_key_len(member);
        json_t *value = json_object_iter_value(member);

        frame->member = json_object_iter_next(json, member);
        return frame->type->kind == THRIFT_KIND_RECORD
                   ? read_field(reader, frame, name, size, value)
                   : read_entry(reader, frame->type, frame->object,
                                (thrift_bytes){(const uint8_t *)name, size}, value);
    }
    if (frame->type->kind == THRIFT_KIND_RECORD) {
        frame->at = 0;
        if (lacks(reader, frame->object)) {
            return false;
        }
        reader->structs--;
    }
    stack_pop(&reader->stack);
    return true;
}

static void set_path(const struct json_reader *reader)
{
    for (size_t i = reader->stack.count; i-- > 0;) {
        const struct read_frame *frame = stack_at(&reader->stack, i);
        uint32_t at = (uint32_t)frame->at;

        if (frame->type->kind == THRIFT_KIND_MAP) {
            at = 2 * ((const thrift_map *)frame->object)->count;
        }
        if (at > 0) {
            object_prepend_path(frame->type, frame->object, at - 1, reader->err);
        }
    }
}

thrift_status json_to_record(const struct json_t *json, thrift_record *record,
                             const struct json_rules *rules, thrift_error *err)
{
    struct read_frame room[ROOM], *frame;
    thrift_error own = THRIFT_ERROR_INIT;
    struct json_reader reader = {
        .rules = rules, .err = err != NULL ? err : &own, .root = record->root};
    thrift_status status = THRIFT_OK;
    bool done;

    if (!json_is_object(json)) {
        return FAIL(err, THRIFT_E_TYPE, "%s is no object: %s is expected",
                    json != NULL ? tree_name(json) : "nothing", record->layout->type->full_name);
    }
    stack_init(&reader.stack, room, sizeof room, sizeof room[0], &record->root->arena.allocator);
    /* Jansson reads through pointers that are not const. */
    done = push(&reader, &record_type_of_any, record, (json_t *)(uintptr_t)json);
    while (done && (frame = stack_top(&reader.stack)) != NULL) {
        done = read_next(&reader, frame);
    }
    if (!done) {
        set_path(&reader);
        status = reader.err->code;
    }
    stack_deinit(&reader.stack);
    return status;
}
