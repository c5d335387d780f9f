/*
 * Patch: a copy of encoded bytes with one place of them changed.
 *
 * Only the struct, list or map that holds the place is read and written again, value by value;
 * what is before and behind it is copied as it is. JSON: patch_json.h.
 */
#include "base/buffer.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/text.h"
#include "codec/codec.h"
#include "codec/expressible.h"
#include "codec/locate.h"
#include "codec/patch_json.h"
#include "codec/patch_value.h"
#include "codec/struct_named.h"
#include "wire/wire_type.h"
#include "wire/writer.h"

struct patch {
    struct locator at; /* at the begin of the holder */
    struct writer writer;
    thrift_bytes input;
    struct path_walk path; /* its step leads from the holder to the place */
    struct patch_value value;
    thrift_error *err;
};

static thrift_status fault(struct patch *p, enum wire_fault what)
{
    if (p->writer.failed) {
        return FAIL_NOMEM(p->err);
    }
    return what == WIRE_OK ? THRIFT_OK : locator_fail(&p->at, what, p->err);
}

static void put(struct patch *p, thrift_bytes bytes)
{
    p->writer.failed = p->writer.failed || !buffer_append(p->writer.out, bytes.data, bytes.size);
}

/* From `begin` to where the locator stands. */
static void put_passed(struct patch *p, const uint8_t *begin)
{
    put(p, (thrift_bytes){begin, (size_t)(p->at.reader.in.at - begin)});
}

/* ---- a field of a struct ---- */

static void put_new_field(struct patch *p, const struct plan_op *op, int16_t *written_id)
{
    bool in_head = op->code == PLAN_BOOL && reader_bool_in_head(&p->at.reader);

    if (p->value.removes) {
        return;
    }
    writer_field(&p->writer, written_id, op->wire, op->id,
                 op->code == PLAN_BOOL && p->value.slot.boolean);
    if (!in_head) {
        put(p, p->value.bytes);
    }
}

/* The field whose head was read, as it is. */
static enum wire_fault copy_field(struct patch *p, uint8_t wire, int16_t id, bool truth,
                                  int16_t *written_id, bool dropped)
{
    const uint8_t *begin = p->at.reader.in.at;
    enum wire_fault what = WIRE_OK;

    if (!dropped) {
        writer_field(&p->writer, written_id, wire, id, truth);
    }
    if (wire != WIRE_BOOL || !reader_bool_in_head(&p->at.reader)) {
        p->at.entry = (struct path_entry){PATH_MEMBER, id};
        what = locator_pass(&p->at, wire);
        if (what == WIRE_OK && !dropped) {
            put_passed(p, begin);
        }
    }
    return what;
}

static thrift_status patch_field(struct patch *p, const struct plan_op *op)
{
    int16_t read_id = 0, written_id = 0, id = 0;
    bool truth = false, done = false;
    bool only = p->at.plan->tagged && !p->value.removes; /* a union has one member */
    uint8_t wire = WIRE_STOP;
    enum wire_fault what;

    do {
        p->at.entry.kind = PATH_NO_ENTRY;
        what = reader_field(&p->at.reader, &read_id, &wire, &id, &truth);
        if (what == WIRE_OK && !done && (wire == WIRE_STOP || id >= op->id)) {
            put_new_field(p, op, &written_id);
            done = true;
        }
        if (what == WIRE_OK && wire != WIRE_STOP) {
            what = copy_field(p, wire, id, truth, &written_id, id == op->id || only);
        }
    } while (what == WIRE_OK && wire != WIRE_STOP);
    if (what == WIRE_OK) {
        writer_stop(&p->writer);
    }
    return fault(p, what);
}

/* ---- an item of a list ---- */

static enum wire_fault copy_elements(struct patch *p, uint8_t wire, uint32_t first, uint32_t count)
{
    const uint8_t *begin = p->at.reader.in.at;
    enum wire_fault what = locator_pass_elements(&p->at, wire, first, count);

    put_passed(p, begin);
    return what;
}

static thrift_status patch_item(struct patch *p, uint32_t index)
{
    const struct plan_type *type = p->at.type;
    struct wire_container head = {0}, changed;
    bool matches;
    enum wire_fault what = locator_head(&p->at, &head, &matches);

    if (what == WIRE_OK && ((head.count > 0 && !matches) || index > head.count ||
                            (p->value.removes && index == head.count))) {
        return patch_not_there(p->err);
    }
    changed = (struct wire_container){type->element->wire, type->element->wire,
                                      head.count + (index == head.count) - p->value.removes};
    if (what == WIRE_OK) {
        writer_container(&p->writer, type->wire, &changed);
        what = copy_elements(p, head.element, 0, index);
    }
    put(p, p->value.bytes);
    if (what == WIRE_OK && index < head.count) {
        p->at.entry = (struct path_entry){PATH_ELEMENT, index};
        what = locator_pass(&p->at, head.element);
    }
    if (what == WIRE_OK && index < head.count) {
        what = copy_elements(p, head.element, index + 1, head.count - index - 1);
    }
    return fault(p, what);
}

/* ---- an entry of a map ---- */

/* The new entry, its key too when it is not there yet. */
static thrift_status put_new_entry(struct patch *p, const union slot *key)
{
    struct wire_value value = {.type = p->at.type->key->wire};
    const struct plan_type *type = p->at.type->key;

    switch ((enum plan_code)type->code) {
    case PLAN_BOOL:
        value.integer = key->boolean;
        break;
    case PLAN_I8:
        value.integer = key->i8;
        break;
    case PLAN_I16:
        value.integer = key->i16;
        break;
    case PLAN_I32:
    case PLAN_ENUM:
        value.integer = key->i32;
        break;
    case PLAN_I64:
        value.integer = key->i64;
        break;
    case PLAN_DOUBLE:
        value.real = key->real;
        break;
    case PLAN_UUID:
        value.bytes = (thrift_bytes){key->uuid.bytes, sizeof key->uuid};
        break;
    case PLAN_STRING:
    case PLAN_BINARY:
        value.bytes = key->bytes;
        break;
    case PLAN_RECORD:
    case PLAN_LIST:
    case PLAN_MAP:
        return patch_not_there(p->err);
    }
    writer_value(&p->writer, &value);
    put(p, p->value.bytes);
    return THRIFT_OK;
}

/* How many entries have the key; the locator stands behind the map then. */
static enum wire_fault count_key(struct patch *p, const union slot *key, uint32_t entries,
                                 uint8_t wire, uint32_t *found)
{
    enum wire_fault what = WIRE_OK;
    bool same;

    for (uint32_t i = 0; what == WIRE_OK && i < entries; i++) {
        p->at.entry = (struct path_entry){PATH_ELEMENT, i};
        what = locator_key(&p->at, p->at.type->key, key, &same);
        *found += what == WIRE_OK && same;
        if (what == WIRE_OK) {
            what = locator_pass(&p->at, wire);
        }
    }
    return what;
}

/* Entries in their order; those of the key with the new value, or not at all. */
static enum wire_fault copy_entries(struct patch *p, const union slot *key, uint32_t entries,
                                    uint8_t wire)
{
    enum wire_fault what = WIRE_OK;
    bool same;

    for (uint32_t i = 0; what == WIRE_OK && i < entries; i++) {
        const uint8_t *begin = p->at.reader.in.at, *value;

        what = locator_key(&p->at, p->at.type->key, key, &same);
        value = p->at.reader.in.at;
        if (what == WIRE_OK) {
            what = locator_pass(&p->at, wire);
        }
        if (what == WIRE_OK && !same) {
            put_passed(p, begin);
        } else if (what == WIRE_OK && !p->value.removes) {
            put(p, (thrift_bytes){begin, (size_t)(value - begin)});
            put(p, p->value.bytes);
        }
    }
    return what;
}

static thrift_status patch_key(struct patch *p, const struct path_step *step)
{
    const struct plan_type *type = p->at.type;
    struct wire_container head = {0}, changed;
    uint32_t found = 0;
    struct cursor entries;
    union slot key;
    bool matches;
    enum wire_fault what;
    thrift_status status = patch_value_key(&p->value, type, step, &key, p->err);

    if (status != THRIFT_OK) {
        return status;
    }
    what = locator_head(&p->at, &head, &matches);
    if (what == WIRE_OK && head.count > 0 && !matches) {
        return patch_not_there(p->err);
    }
    entries = p->at.reader.in;
    if (what == WIRE_OK) {
        what = count_key(p, &key, head.count, head.element, &found);
    }
    if (what == WIRE_OK && p->value.removes && found == 0) {
        return patch_not_there(p->err);
    }
    changed = (struct wire_container){type->key->wire, type->element->wire,
                                      head.count - (p->value.removes ? found : 0) +
                                          (!p->value.removes && found == 0)};
    p->at.reader.in = entries;
    writer_container(&p->writer, WIRE_MAP, &changed);
    if (what == WIRE_OK) {
        what = copy_entries(p, &key, head.count, head.element);
    }
    if (what == WIRE_OK && found == 0 && put_new_entry(p, &key) != THRIFT_OK) {
        return THRIFT_E_NAME;
    }
    return fault(p, what);
}

/* ---- the whole ---- */

/* Goes to the holder of the last step, or to the step that cannot be taken. */
static thrift_status find_holder(struct patch *p)
{
    path_walk_next(&p->path);
    for (;;) {
        struct path_walk next = p->path;
        thrift_status status;

        path_walk_next(&next);
        if (next.step.kind == PATH_END) {
            return THRIFT_OK;
        }
        status = locator_step(&p->at, &p->path.step, p->err);
        if (status == THRIFT_OK && p->at.absent) {
            status = patch_no_holder(p->err);
        }
        if (status != THRIFT_OK) {
            return status;
        }
        p->path = next;
    }
}

static thrift_status apply(struct patch *p)
{
    const struct path_step *last = &p->path.step;
    const uint8_t *begin = p->at.reader.in.at;
    thrift_status status;

    put(p, (thrift_bytes){p->input.data, (size_t)(begin - p->input.data)});
    if (last->kind == PATH_FIELD) {
        status = patch_field(p, locator_field(p->at.plan, last, p->err));
    } else if (last->kind == PATH_ITEM) {
        status = patch_item(p, last->index);
    } else {
        status = patch_key(p, last);
    }
    if (status == THRIFT_OK) {
        put(p, (thrift_bytes){p->at.reader.in.at, cursor_left(&p->at.reader.in)});
        status = fault(p, WIRE_OK);
    }
    return status;
}

static thrift_status patch_bytes(const struct plan *plan, struct patch *p, thrift_value value)
{
    thrift_status status = find_holder(p);
    const struct plan_type *target;

    if (status != THRIFT_OK) {
        return status;
    }
    target = patch_target(p->at.plan, p->at.type, &p->path.step, p->err);
    if (target == NULL) {
        return THRIFT_E_NAME;
    }
    status = patch_value_begin(&p->value, plan, target, false, p->writer.protocol, value,
                               &p->writer.out->allocator, p->err);
    if (status == THRIFT_OK) {
        status = apply(p);
    }
    patch_value_end(&p->value);
    return status;
}

thrift_status thrift_patch(const thrift_schema *schema, const char *type, thrift_protocol protocol,
                           thrift_bytes input, const char *path, thrift_value value,
                           thrift_buffer *out, thrift_error *err)
{
    const thrift_struct *found = schema != NULL ? struct_named(schema, type, err) : NULL;
    const struct plan *plan = found != NULL ? plan_of(schema, found, err) : NULL;
    size_t before = out->size;
    thrift_status status;

    if (plan == NULL) {
        return found == NULL ? THRIFT_E_NAME : THRIFT_E_NOMEM;
    }
    if (!is_expressible(found, protocol)) {
        return refuse_float(found, protocol, err);
    }
    status = path_check(path, err);
    if (status != THRIFT_OK) {
        return status;
    }
    if (protocol == THRIFT_TJSON || protocol == THRIFT_PLAIN_JSON) {
        return patch_json(plan, protocol, input, path, value, out, err);
    }
    if (protocol != THRIFT_BINARY && protocol != THRIFT_COMPACT) {
        return FAIL(err, THRIFT_E_ARGUMENT, "protocol %d cannot be read", (int)protocol);
    }
    struct patch p = {.at = locator_at(plan, protocol, input, &limits_default),
                      .writer = {out, protocol, false},
                      .input = input,
                      .path = path_walk_at(path),
                      .err = err};

    status = patch_bytes(plan, &p, value);
    if (status != THRIFT_OK) {
        path_walk_prepend(&p.path, !p.at.damaged, err);
        out->size = before;
    }
    return status;
}
