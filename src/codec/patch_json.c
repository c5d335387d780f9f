/*
 * The holder of the place is walked over once, and written on the way. What is known at its end
 * only, TJSON's count and that a field is not there, is moved to its place then. Rules are those of
 * patch.c.
 *
 * Commas: what is removed goes with the comma before it, or, at the front, with everything up to
 * the next entry. What is added gets the white space that stands before its neighbour, so that
 * text on lines stays on lines.
 */
#include "codec/patch_json.h"

#include "base/buffer.h"
#include "base/error.h"
#include "base/integer.h"
#include "codec/json_value.h"
#include "codec/locate.h"
#include "codec/patch_value.h"
#include "codec/walk_json.h"
#include "schema/lookup.h"
#include "wire/tjson.h"

struct edit {
    struct json_locator at; /* before the holder, then in it */
    struct json_walk walk;
    struct path_walk path;    /* its step leads from the holder to the place */
    const struct plan_op *op; /* of a field */
    union slot key;           /* of an entry */
    thrift_buffer key_text;
    struct patch_value value;
    thrift_buffer *out;
    bool failed;         /* no memory */
    thrift_buffer moved; /* see move_back() */
    thrift_error *err;
    uint32_t total, found; /* entries, and those of the place */
    const uint8_t *from;   /* what was not copied yet */
    const uint8_t *last;   /* the end of the last entry, or where the first begins */
    thrift_bytes space;    /* before the last entry */
    bool kept;             /* an entry was written, so that the next has a comma before it */
    bool gap;              /* what was removed stood at the front: up to the next entry */
    bool placed;           /* a new field would stand in the output at `place` */
    size_t place;
    thrift_bytes place_space;
};

/* ---- what happens to an entry ---- */

enum fate { KEEP, REPLACE, REMOVE };

static enum fate fate_of_field(const struct edit *edit, const struct json_entry *entry)
{
    bool same = entry->id == edit->op->id;
    bool only = edit->at.plan->tagged && !edit->value.removes; /* a union has one member */

    if (same && entry->fits && !edit->value.removes && edit->found == 0) {
        return REPLACE;
    }
    return same || only ? REMOVE : KEEP;
}

static enum fate fate_of(const struct edit *edit, const struct json_entry *entry)
{
    bool is_it =
        edit->path.step.kind == PATH_ITEM ? edit->total == edit->path.step.index : entry->same;

    if (edit->path.step.kind == PATH_FIELD) {
        return fate_of_field(edit, entry);
    }
    return !is_it ? KEEP : edit->value.removes ? REMOVE : REPLACE;
}

/* ---- writing ---- */

static void put(struct edit *edit, const void *data, size_t size)
{
    edit->failed = edit->failed || !buffer_append(edit->out, data, size);
}

static void put_text(struct edit *edit, const char *text) { put(edit, text, strlen(text)); }

static void put_bytes(struct edit *edit, thrift_bytes bytes) { put(edit, bytes.data, bytes.size); }

static void put_integer(struct edit *edit, int64_t x)
{
    char digits[INTEGER_SIZE];

    put(edit, digits, integer_write_i64(digits, x));
}

/* The input from where it was left. */
static void copy_to(struct edit *edit, const uint8_t *end)
{
    put(edit, edit->from, (size_t)(end - edit->from));
    edit->from = end;
}

static void put_new_field(struct edit *edit)
{
    bool tagged = json_locator_is_tagged(&edit->at);

    put_text(edit, "\"");
    if (tagged) {
        put_integer(edit, edit->op->id);
        put_text(edit, "\":{");
        put_text(edit, tjson_type_text(edit->op->wire));
        put_text(edit, ":");
    } else {
        put_text(edit, field_json_name(edit->op->field->field)); /* nothing has to be escaped */
        put_text(edit, "\":");
    }
    put_bytes(edit, edit->value.bytes);
    put_text(edit, tagged ? "}" : "");
}

/* Without a comma. */
static void put_new(struct edit *edit)
{
    if (edit->op != NULL) {
        put_new_field(edit);
        return;
    }
    if (edit->path.step.kind == PATH_KEY) {
        put_bytes(edit, buffer_bytes(&edit->key_text));
        put_text(edit, ":");
    }
    put_bytes(edit, edit->value.bytes);
}

static void remove_entry(struct edit *edit, const struct json_entry *entry)
{
    if (edit->kept) {
        copy_to(edit, edit->last);
    } else if (!edit->gap) {
        copy_to(edit, entry->begin);
        edit->gap = true;
    }
    edit->from = entry->end;
}

/* An entry that stays, up to its value or its begin. */
static void keep_entry(struct edit *edit, const struct json_entry *entry, bool replaces)
{
    if (edit->gap) {
        edit->from = entry->begin;
        edit->gap = false;
    }
    edit->kept = true;
    if (replaces) {
        copy_to(edit, entry->value);
        put_bytes(edit, edit->value.bytes);
        edit->from = entry->value_end;
    }
}

/* A new field stands before the first with a higher id, unless the field turns up later. */
static void note_place(struct edit *edit, const struct json_entry *entry)
{
    if (edit->op != NULL && edit->found == 0 && !edit->at.plan->tagged && !edit->placed &&
        entry->id > edit->op->id) {
        copy_to(edit, entry->begin);
        edit->place = edit->out->size;
        edit->place_space = edit->space;
        edit->placed = true;
    }
}

static void write_entry(struct edit *edit, const struct json_entry *entry)
{
    enum fate fate = fate_of(edit, entry);

    edit->space = (thrift_bytes){entry->lead, (size_t)(entry->begin - entry->lead)};
    if (fate == REMOVE) {
        remove_entry(edit, entry);
    } else {
        keep_entry(edit, entry, fate == REPLACE);
        note_place(edit, entry);
    }
    edit->found += fate == (edit->value.removes ? REMOVE : REPLACE);
    edit->last = entry->end;
    edit->total += 1;
}

static enum wire_fault write_entries(struct edit *edit)
{
    struct json_entry entry;
    bool ended = false;

    edit->last = edit->walk.open;
    edit->kept = edit->walk.led;
    for (;;) {
        enum wire_fault fault = json_walk_next(&edit->walk, &entry, &ended);

        if (fault != WIRE_OK || ended) {
            return fault;
        }
        write_entry(edit, &entry);
    }
}

/* What is removed must be there; an item is at most the next behind the last. */
static bool is_possible(const struct edit *edit)
{
    if (edit->path.step.kind == PATH_ITEM) {
        return edit->path.step.index < edit->total + !edit->value.removes;
    }
    return edit->path.step.kind == PATH_FIELD || !edit->value.removes || edit->found > 0;
}

/* What was written behind `begin` goes in place of `size` bytes at `at`. */
static void move_back(struct edit *edit, size_t at, size_t size, size_t begin)
{
    uint8_t *data = edit->out->data;
    size_t more = edit->out->size - begin;

    if (edit->failed || !buffer_append(&edit->moved, data + begin, more)) {
        edit->failed = true;
        return;
    }
    memmove(data + at + more, data + at + size, begin - at - size);
    memcpy(data + at, edit->moved.data, more);
    edit->out->size -= size;
}

static void add_entry(struct edit *edit)
{
    size_t begin;

    copy_to(edit, edit->last);
    begin = edit->out->size;
    if (edit->placed) {
        put_new(edit);
        put_text(edit, ",");
        put_bytes(edit, edit->place_space);
        move_back(edit, edit->place, 0, begin);
        return;
    }
    if (edit->kept) {
        put_text(edit, ",");
        put_bytes(edit, edit->space);
    }
    put_new(edit);
}

static void correct_count(struct edit *edit, size_t at)
{
    bool adds = !edit->value.removes && edit->found == 0;
    uint32_t count = edit->total + adds - (edit->value.removes ? edit->found : 0);
    size_t begin = edit->out->size;

    if (edit->walk.count_text.size > 0 && count != edit->total) {
        put_integer(edit, count);
        move_back(edit, at, edit->walk.count_text.size, begin);
    }
}

/* Up to the holder's end, and its count. */
static thrift_status write_holder(struct edit *edit)
{
    const uint8_t *count = edit->walk.count_text.data;
    size_t count_at;
    enum wire_fault fault;

    copy_to(edit, count != NULL ? count : edit->walk.open);
    count_at = edit->out->size;
    fault = write_entries(edit);
    if (fault != WIRE_OK) {
        return json_locator_said(&edit->at, fault, edit->err);
    }
    if (!is_possible(edit)) {
        return patch_not_there(edit->err);
    }
    if (!edit->value.removes && edit->found == 0) {
        add_entry(edit);
    }
    copy_to(edit, edit->at.source.in->at);
    correct_count(edit, count_at);
    return THRIFT_OK;
}

/* ---- the whole ---- */

/* Goes to the holder of the last step, or to the step that cannot be taken. */
static thrift_status find_holder(struct edit *edit)
{
    path_walk_next(&edit->path);
    for (;;) {
        struct path_walk next = edit->path;
        thrift_status status;

        path_walk_next(&next);
        if (next.step.kind == PATH_END) {
            return THRIFT_OK;
        }
        status = json_locator_step(&edit->at, &edit->path.step, edit->err);
        if (status == THRIFT_OK && edit->at.absent) {
            status = patch_no_holder(edit->err);
        }
        if (status != THRIFT_OK) {
            return status;
        }
        edit->path = next;
    }
}

/* The key that the last step names, and its text, which may have to be added. */
static thrift_status take_key(struct edit *edit, const struct plan *any)
{
    const struct plan_type *type = edit->at.type;
    thrift_status status =
        patch_value_key(&edit->value, type, &edit->path.step, &edit->key, edit->err);

    if (status == THRIFT_OK && !edit->value.removes) {
        status = json_value_write_key(any, type->key, edit->at.source.protocol, &edit->key,
                                      &edit->key_text, edit->err);
    }
    return status;
}

static thrift_status apply(struct edit *edit)
{
    const uint8_t *end = edit->at.source.in->end;
    bool matches;
    enum wire_fault fault = json_walk_open(&edit->walk, &edit->at, &edit->key, &matches);
    thrift_status status = json_locator_said(&edit->at, fault, edit->err);

    if (status == THRIFT_OK && !matches) {
        status = patch_not_there(edit->err);
    }
    if (status == THRIFT_OK) {
        status = write_holder(edit);
    }
    if (status == THRIFT_OK) {
        copy_to(edit, end);
    }
    return status == THRIFT_OK && edit->failed ? FAIL_NOMEM(edit->err) : status;
}

static thrift_status patch_place(struct edit *edit, const struct plan *plan,
                                 thrift_protocol protocol, thrift_value value)
{
    const struct plan_type *target =
        patch_target(edit->at.plan, edit->at.type, &edit->path.step, edit->err);
    thrift_status status;

    if (target == NULL) {
        return THRIFT_E_NAME;
    }
    if (edit->path.step.kind == PATH_FIELD) {
        edit->op = locator_field(edit->at.plan, &edit->path.step, edit->err);
        edit->at.quotes = edit->op->field->field->json_quotes;
    }
    status = patch_value_begin(&edit->value, plan, target, edit->at.quotes, protocol, value,
                               &edit->out->allocator, edit->err);
    if (status == THRIFT_OK && edit->path.step.kind == PATH_KEY) {
        status = take_key(edit, plan);
    }
    if (status == THRIFT_OK) {
        status = apply(edit);
    }
    patch_value_end(&edit->value);
    return status;
}

thrift_status patch_json(const struct plan *plan, thrift_protocol protocol, thrift_bytes input,
                         const char *path, thrift_value value, thrift_buffer *out,
                         thrift_error *err)
{
    struct edit edit = {.out = out,
                        .from = input.data,
                        .path = path_walk_at(path),
                        .key_text = {NULL, 0, 0, out->allocator},
                        .moved = {NULL, 0, 0, out->allocator},
                        .err = err};
    size_t before = out->size;
    thrift_status status = json_locator_begin(&edit.at, plan, protocol, input, err);

    if (status == THRIFT_OK) {
        status = find_holder(&edit);
    }
    if (status == THRIFT_OK) {
        status = patch_place(&edit, plan, protocol, value);
    }
    if (status != THRIFT_OK) {
        path_walk_prepend(&edit.path, !edit.at.damaged, err);
        out->size = before;
    }
    thrift_buffer_deinit(&edit.key_text);
    thrift_buffer_deinit(&edit.moved);
    json_locator_end(&edit.at);
    return status;
}
