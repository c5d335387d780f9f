/*
 * Values into Jansson's trees, with an explicit stack.
 *
 * Owns what is being built until the caller gets it: everything hangs on the top from the moment
 * it is made.
 */
#include "value/json.h"

#include <jansson.h>
#include <math.h>

#include "base/base64.h"
#include "base/integer.h"
#include "base/number.h"
#include "base/stack.h"
#include "base/utf8.h"
#include "base/uuid.h"
#include "schema/lookup.h"
#include "value/convert.h"
#include "value/object.h"

#define ROOM 16
#define KEY_SIZE 40 /* of a key that is not text: the longest is a uuid */

struct write_frame {
    const thrift_type *type;
    const void *object;
    json_t *out; /* borrowed: its parent holds it */
    uint32_t at, count;
    bool quotes; /* numbers are text: see thrift_field.json_quotes */
};

struct json_writer {
    const struct json_rules *rules;
    thrift_error *err;
    struct stack stack;
    thrift_allocator allocator;
};

/* Maps with such keys are objects. */
static bool is_plain_key(const thrift_type *type) { return !kind_is_object(type->key->kind); }

static json_t *write_text(struct json_writer *writer, thrift_bytes text)
{
    size_t bad = utf8_check(text.data, text.size);
    json_t *json;

    if (bad != text.size) {
        FAIL(writer->err, THRIFT_E_CORRUPT, "the string is not UTF-8 at byte %zu", bad);
        return NULL;
    }
    json = json_stringn_nocheck(text.data != NULL ? (const char *)text.data : "", text.size);
    if (json == NULL) {
        FAIL_NOMEM(writer->err);
    }
    return json;
}

static json_t *write_binary(struct json_writer *writer, thrift_bytes bytes)
{
    size_t size = base64_text_size(bytes.size, true);
    char *text = mem_alloc(&writer->allocator, size + 1);
    json_t *json = NULL;

    if (text != NULL) {
        base64_write(text, bytes.data, bytes.size, true);
        json = json_stringn_nocheck(text, size);
        mem_free(&writer->allocator, text, size + 1);
    }
    if (json == NULL) {
        FAIL_NOMEM(writer->err);
    }
    return json;
}

static const char *special_name(double x)
{
    return isnan(x) ? "NaN" : x > 0 ? "Infinity" : "-Infinity";
}

static json_t *write_double(double x, bool as_text)
{
    char text[NUMBER_DOUBLE_SIZE];

    if (!isfinite(x)) {
        return json_string_nocheck(special_name(x));
    }
    return as_text ? json_stringn_nocheck(text, number_format_double(x, text)) : json_real(x);
}

static json_t *write_integer(int64_t x, bool as_text)
{
    char text[INTEGER_SIZE];

    return as_text ? json_stringn_nocheck(text, integer_write_i64(text, x)) : json_integer(x);
}

static json_t *write_uuid(thrift_uuid uuid)
{
    char text[UUID_TEXT_SIZE];

    uuid_write(text, uuid.bytes);
    return json_stringn_nocheck(text, sizeof text);
}

static json_t *write_enum(const thrift_enum *symbols, int32_t number)
{
    const thrift_symbol *symbol = enum_find_number(symbols, number);

    return symbol != NULL ? json_string_nocheck(symbol->node.name) : json_integer(number);
}

/* What has no parts. NULL: reported. */
static json_t *write_leaf(struct json_writer *writer, const thrift_type *type, const void *slot,
                          bool quotes)
{
    thrift_value value = slot_value(type, slot, NULL);
    json_t *json;

    if (type->kind == THRIFT_KIND_BOOL) {
        return json_boolean(value.as.boolean);
    }
    if (type->kind == THRIFT_KIND_STRING ||
        (type->kind == THRIFT_KIND_BINARY && writer->rules->binary_as_text)) {
        return write_text(writer, value.as.bytes);
    }
    if (type->kind == THRIFT_KIND_BINARY) {
        return write_binary(writer, value.as.bytes);
    }
    if (type->kind == THRIFT_KIND_DOUBLE) {
        json = write_double(value.as.real, quotes);
    } else if (type->kind == THRIFT_KIND_UUID) {
        json = write_uuid(value.as.uuid);
    } else if (type->kind == THRIFT_KIND_ENUM && !writer->rules->enums_as_numbers) {
        json = write_enum(type->symbols, (int32_t)value.as.symbol.number);
    } else {
        json = write_integer(
            type->kind == THRIFT_KIND_I8 && writer->rules->i8_unsigned ? (uint8_t)value.as.integer
                                                                       : value.as.integer,
            quotes || (type->kind == THRIFT_KIND_I64 && writer->rules->i64_as_string));
    }
    if (json == NULL) {
        FAIL_NOMEM(writer->err);
    }
    return json;
}

/* Takes the value over. */
static bool put_member(struct json_writer *writer, json_t *object, const char *name, size_t size,
                       json_t *value)
{
    if (value == NULL) {
        return false;
    }
    if (json_object_setn_new_nocheck(object, name, size, value) != 0) {
        FAIL_NOMEM(writer->err);
        return false;
    }
    return true;
}

static bool put_item(struct json_writer *writer, json_t *array, json_t *value)
{
    if (value != NULL && json_array_append_new(array, value) != 0) {
        FAIL_NOMEM(writer->err);
        return false;
    }
    return value != NULL;
}

static json_t *last_of(json_t *array) { return json_array_get(array, json_array_size(array) - 1); }

/* An entry under the text of its key. */
static bool put_entry(struct json_writer *writer, const struct write_frame *frame, uint32_t i,
                      json_t *value)
{
    const thrift_type *type;
    const void *slot = object_child(frame->type, frame->object, 2 * (i / 2), &type);
    json_t *key = write_leaf(writer, type, slot, false);
    char text[KEY_SIZE];
    size_t size = 0;
    bool done = false;

    if (key == NULL || value == NULL) {
        json_decref(value);
        json_decref(key);
        return false;
    }
    if (json_is_string(key)) {
        done =
            put_member(writer, frame->out, json_string_value(key), json_string_length(key), value);
    } else {
        if (json_is_integer(key)) {
            size = integer_write_i64(text, json_integer_value(key));
        } else if (json_is_real(key)) {
            size = number_format_double(json_real_value(key), text);
        } else {
            size = json_is_true(key) ? 4 : 5;
            memcpy(text, json_is_true(key) ? "true" : "false", size);
        }
        done = put_member(writer, frame->out, text, size, value);
    }
    json_decref(key);
    return done;
}

/* Where the i-th child of the frame belongs. The value is taken over; NULL fails. */
static bool put_child(struct json_writer *writer, const struct write_frame *frame, uint32_t i,
                      json_t *value)
{
    if (frame->type->kind == THRIFT_KIND_RECORD) {
        const thrift_record *record = frame->object;
        const char *name = field_json_name(record->layout->fields[i].field);

        return put_member(writer, frame->out, name, strlen(name), value);
    }
    if (frame->type->kind != THRIFT_KIND_MAP) {
        return put_item(writer, frame->out, value);
    }
    if (is_plain_key(frame->type)) {
        return put_entry(writer, frame, i, value);
    }
    if (i % 2 == 1) {
        return put_member(writer, last_of(frame->out), "value", 5, value);
    }
    if (value == NULL || !put_item(writer, frame->out, json_object())) {
        json_decref(value);
        return false;
    }
    return put_member(writer, last_of(frame->out), "key", 3, value);
}

static bool write_required(struct json_writer *writer, const thrift_record *record)
{
    const struct layout *layout = record->layout;

    for (uint32_t i = 0; i < layout->has_words; i++) {
        uint64_t lacking = layout->required[i] & ~record_presence_const(record)[i];

        if (lacking != 0) {
            const char *name =
                layout->fields[64 * i + (uint32_t)__builtin_ctzll(lacking)].field->node.name;

            FAIL(writer->err, THRIFT_E_REQUIRED, "required field %s of %s is not set", name,
                 layout->type->full_name);
            error_set_source(writer->err, name);
            return false;
        }
    }
    if (layout->tagged && record_tag_const(record) == 0) {
        FAIL(writer->err, THRIFT_E_CORRUPT, "no member of union %s is set",
             layout->type->full_name);
        return false;
    }
    return true;
}

static json_t *new_tree(const thrift_type *type)
{
    return type->kind == THRIFT_KIND_RECORD || (type->kind == THRIFT_KIND_MAP && is_plain_key(type))
               ? json_object()
               : json_array();
}

/* A tree for the object, still empty, on top of the stack; the caller puts it where it belongs. */
static json_t *begin_writing(struct json_writer *writer, const thrift_type *type,
                             const void *object, bool quotes)
{
    struct write_frame *frame;
    json_t *out;

    if (writer->stack.count >= writer->rules->depth_most) {
        FAIL(writer->err, THRIFT_E_LIMIT, "deeper than %u levels",
             (unsigned)writer->rules->depth_most);
        return NULL;
    }
    if (type->kind == THRIFT_KIND_RECORD && object != NULL && !write_required(writer, object)) {
        return NULL;
    }
    out = new_tree(type);
    frame = out != NULL ? stack_push(&writer->stack) : NULL;
    if (frame == NULL) {
        json_decref(out);
        FAIL_NOMEM(writer->err);
        return NULL;
    }
    *frame = (struct write_frame){type, object, out, 0, object_count(type, object), quotes};
    return out;
}

/* A union that was opened but not set, in a field that may be absent. */
static bool is_left_out(const thrift_record *record, const struct layout_field *field,
                        const void *slot)
{
    const thrift_record *member;

    if (field->kind != THRIFT_KIND_RECORD || field->field->requiredness == THRIFT_FIELD_REQUIRED ||
        record->layout->tagged) {
        return false;
    }
    member = slot_object(slot);
    return member->layout->tagged && record_tag_const(member) == 0;
}

/* The slot to be written for a field; NULL: none, unless *empty says that {} stands for it. */
static const void *field_to_write(struct json_writer *writer, const thrift_record *record,
                                  const struct layout_field *field, bool *empty)
{
    const void *slot = record_meaning(record, field);

    *empty = false;
    if (writer->rules->no_defaults && !record_has(record, field)) {
        return NULL;
    }
    if (slot == NULL) {
        *empty = !record->layout->tagged && field->kind == THRIFT_KIND_RECORD &&
                 field->field->requiredness == THRIFT_FIELD_DEFAULT &&
                 field->type->record->node.kind != THRIFT_NODE_UNION;
        return NULL;
    }
    return is_left_out(record, field, slot) ? NULL : slot;
}

static bool write_child(struct json_writer *writer, struct write_frame *frame)
{
    struct write_frame parent = *frame;
    uint32_t i = frame->at++;
    const thrift_type *type;
    const void *slot = object_child(parent.type, parent.object, i, &type);
    bool empty = false, quotes = parent.quotes;

    if (parent.type->kind == THRIFT_KIND_RECORD) {
        const thrift_record *record = parent.object;

        slot = field_to_write(writer, record, &record->layout->fields[i], &empty);
        quotes = record->layout->fields[i].field->json_quotes;
        if (slot == NULL) {
            return !empty || put_child(writer, &parent, i, json_object());
        }
    }
    if (parent.type->kind == THRIFT_KIND_MAP && i % 2 == 0 && is_plain_key(parent.type)) {
        return true; /* comes with its value */
    }
    return put_child(writer, &parent, i,
                     kind_is_object(type->kind)
                         ? begin_writing(writer, type, slot_object(slot), quotes)
                         : write_leaf(writer, type, slot, quotes));
}

static void set_write_path(const struct json_writer *writer)
{
    for (size_t i = writer->stack.count; i-- > 0;) {
        const struct write_frame *frame = stack_at(&writer->stack, i);

        if (frame->at > 0) {
            object_prepend_path(frame->type, frame->object, frame->at - 1, writer->err);
        }
    }
}

json_t *json_of_record(const thrift_record *record, const struct json_rules *rules,
                       thrift_error *err)
{
    struct write_frame room[ROOM], *frame;
    struct json_writer writer = {.rules = rules, .err = err};
    json_t *top;
    bool done;

    if (record->root != NULL) {
        writer.allocator = record->root->arena.allocator;
    }
    stack_init(&writer.stack, room, sizeof room, sizeof room[0], &writer.allocator);
    top = begin_writing(&writer, &record_type_of_any, record, false);
    done = top != NULL;
    while (done && (frame = stack_top(&writer.stack)) != NULL) {
        if (frame->at == frame->count) {
            stack_pop(&writer.stack);
        } else {
            done = write_child(&writer, frame);
        }
    }
    if (!done) {
        set_write_path(&writer);
        json_decref(top);
        top = NULL;
    }
    stack_deinit(&writer.stack);
    return top;
}
