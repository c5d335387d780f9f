/*
 * One step of a path at a time.
 */
#include "codec/locate.h"

#include "base/error.h"
#include "base/text.h"
#include "wire/skip.h"
#include "wire/wire_type.h"

struct locator locator_at(const struct plan *plan, thrift_protocol protocol, thrift_bytes input,
                          const thrift_limits *limits)
{
    return (struct locator){.reader = {cursor_of(input), protocol, limits}, .plan = plan};
}

thrift_status locator_fail(struct locator *locator, enum wire_fault fault, thrift_error *err)
{
    thrift_status status = wire_fail(fault, &locator->reader.in, err);

    path_prepend_entry(err, &locator->entry, locator->plan, locator->type);
    locator->damaged = true;
    return status;
}

static void enter(struct locator *locator, const struct plan_type *type)
{
    locator->depth += 1;
    locator->structs += locator->plan != NULL;
    locator->type = type;
    locator->plan = type->record;
    locator->entry.kind = PATH_NO_ENTRY;
}

enum wire_fault locator_pass(struct locator *locator, uint8_t wire)
{
    struct skip_depth depth = {locator->structs + 1, locator->depth + 1};

    return skip_value(locator->reader.protocol, &locator->reader.in, wire, depth,
                      locator->reader.limits);
}

/* Which of the elements is wrong; the locator stays where it was found out. */
static void find_wrong(struct locator *locator, const uint8_t *begin, uint8_t wire, uint32_t first,
                       uint32_t count)
{
    const uint8_t *end = locator->reader.in.at;
    uint32_t i = 0;

    locator->reader.in.at = begin;
    while (i + 1 < count && locator_pass(locator, wire) == WIRE_OK) {
        i++;
    }
    locator->reader.in.at = end;
    locator->entry = (struct path_entry){PATH_ELEMENT, (int64_t)first + i};
}

enum wire_fault locator_pass_elements(struct locator *locator, uint8_t wire, uint32_t first,
                                      uint32_t count)
{
    struct skip_depth depth = {locator->structs + 1, locator->depth + 1};
    const uint8_t *begin = locator->reader.in.at;
    enum wire_fault fault = skip_elements(locator->reader.protocol, &locator->reader.in, wire,
                                          count, depth, locator->reader.limits);

    if (fault != WIRE_OK) {
        find_wrong(locator, begin, wire, first, count);
    }
    return fault;
}

thrift_status locator_no_step(const struct path_step *step, const char *what, thrift_error *err)
{
    char quoted[TEXT_QUOTED_SIZE];

    return FAIL(err, THRIFT_E_NAME, "%s %s", what, text_quote(step->text, step->size, quoted));
}

const struct plan_op *locator_field(const struct plan *plan, const struct path_step *step,
                                    thrift_error *err)
{
    const struct layout_field *field =
        plan != NULL ? layout_field_named(plan->layout, step->text, step->size) : NULL;

    if (field == NULL) {
        locator_no_step(step, "no field", err);
        return NULL;
    }
    return plan_find(plan, field->field->id);
}

static thrift_status step_field(struct locator *locator, const struct path_step *step,
                                thrift_error *err)
{
    const struct plan_op *op = locator_field(locator->plan, step, err);
    int16_t last_id = 0, id = 0;
    enum wire_fault fault = WIRE_OK;
    uint8_t wire = WIRE_STOP;

    if (op == NULL) {
        return THRIFT_E_NAME;
    }
    while (fault == WIRE_OK) {
        locator->entry.kind = PATH_NO_ENTRY;
        fault = reader_field(&locator->reader, &last_id, &wire, &id, &locator->truth);
        if (fault == WIRE_OK && (wire == WIRE_STOP || (id == op->id && wire == op->wire))) {
            break;
        }
        locator->in_head = wire == WIRE_BOOL && reader_bool_in_head(&locator->reader);
        if (fault == WIRE_OK && !locator->in_head) {
            locator->entry = (struct path_entry){PATH_MEMBER, id};
            fault = locator_pass(locator, wire);
        }
    }
    if (fault != WIRE_OK) {
        return locator_fail(locator, fault, err);
    }
    locator->in_head = wire == WIRE_BOOL && reader_bool_in_head(&locator->reader);
    locator->absent = wire == WIRE_STOP;
    enter(locator, op->type);
    return THRIFT_OK;
}

enum wire_fault locator_head(struct locator *locator, struct wire_container *head, bool *matches)
{
    const struct plan_type *type = locator->type;
    enum wire_fault fault = reader_container(&locator->reader, type->wire, head);

    *matches = fault == WIRE_OK && head->element == type->element->wire &&
               (type->code != PLAN_MAP || head->key == type->key->wire);
    return fault;
}

static thrift_status step_item(struct locator *locator, const struct path_step *step,
                               thrift_error *err)
{
    struct wire_container head;
    enum wire_fault fault;
    bool matches;

    if (locator->type == NULL || locator->type->code != PLAN_LIST) {
        return FAIL(err, THRIFT_E_NAME, "[%u] of what is no list", (unsigned)step->index);
    }
    fault = locator_head(locator, &head, &matches);
    locator->absent = !matches || step->index >= head.count;
    if (fault == WIRE_OK && !locator->absent) {
        fault = locator_pass_elements(locator, head.element, 0, step->index);
    }
    if (fault != WIRE_OK) {
        return locator_fail(locator, fault, err);
    }
    locator->in_head = false;
    enter(locator, locator->type->element);
    return THRIFT_OK;
}

static bool same_key(const struct wire_value *read, const struct plan_type *key,
                     const union slot *slot)
{
    switch ((enum plan_code)key->code) {
    case PLAN_BOOL:
        return read->integer == slot->boolean;
    case PLAN_I8:
        return read->integer == slot->i8;
    case PLAN_I16:
        return read->integer == slot->i16;
    case PLAN_I32:
    case PLAN_ENUM:
        return read->integer == slot->i32;
    case PLAN_I64:
        return read->integer == slot->i64;
    case PLAN_DOUBLE:
        return memcmp(&read->real, &slot->real, sizeof read->real) == 0;
    case PLAN_UUID:
        return memcmp(read->bytes.data, &slot->uuid, 16) == 0;
    case PLAN_STRING:
    case PLAN_BINARY:
        return read->bytes.size == slot->bytes.size &&
               (read->bytes.size == 0 ||
                memcmp(read->bytes.data, slot->bytes.data, read->bytes.size) == 0);
    case PLAN_RECORD:
    case PLAN_LIST:
    case PLAN_MAP:
        break;
    }
    return false;
}

enum wire_fault locator_key(struct locator *locator, const struct plan_type *key,
                            const union slot *slot, bool *same)
{
    struct wire_value read;
    enum wire_fault fault = reader_value(&locator->reader, key->wire, &read);

    *same = fault == WIRE_OK && same_key(&read, key, slot);
    return fault;
}

static thrift_status step_key(struct locator *locator, const struct path_step *step,
                              thrift_error *err)
{
    const struct plan_type *type = locator->type;
    char scratch[PATH_SCRATCH_SIZE];
    struct wire_container head;
    enum wire_fault fault;
    union slot key;
    bool matches, same = false;

    if (type == NULL || type->code != PLAN_MAP) {
        return locator_no_step(step, "no map has a key", err);
    }
    if (path_key(step, type->type->key, scratch, &key) != THRIFT_OK) {
        char quoted[TEXT_QUOTED_SIZE];

        return FAIL(err, THRIFT_E_TYPE, "%s is no key of %s",
                    text_quote(step->text, step->size, quoted), type->type->spelling);
    }
    fault = locator_head(locator, &head, &matches);
    for (uint32_t i = 0; fault == WIRE_OK && matches && !same && i < head.count; i++) {
        locator->entry = (struct path_entry){PATH_ELEMENT, i};
        fault = locator_key(locator, type->key, &key, &same);
        if (fault == WIRE_OK && !same) {
            fault = locator_pass(locator, head.element);
        }
    }
    if (fault != WIRE_OK) {
        return locator_fail(locator, fault, err);
    }
    locator->absent = !same;
    locator->in_head = false;
    enter(locator, type->element);
    return THRIFT_OK;
}

thrift_status locator_step(struct locator *locator, const struct path_step *step, thrift_error *err)
{
    switch (step->kind) {
    case PATH_FIELD:
        return step_field(locator, step, err);
    case PATH_ITEM:
        return step_item(locator, step, err);
    case PATH_KEY:
        return step_key(locator, step, err);
    case PATH_END:
    case PATH_BAD:
        break;
    }
    return FAIL(err, THRIFT_E_NAME, "not a path");
}
