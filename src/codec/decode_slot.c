/*
 * A container is decoded as the only field of a struct that exists for this purpose: a head is put
 * before it and a stop behind it.
 */
#include "codec/decode_slot.h"

#include <stddef.h>
#include <string.h>

#include "base/buffer.h"
#include "base/error.h"
#include "value/record.h"
#include "wire/binary.h"
#include "wire/compact.h"
#include "wire/skip.h"

#define FIELD_ID 1

struct box {
    thrift_record record;
    uint64_t has;
    union slot slot;
};

/* "value[3].name" to "[3].name": the field has no name that a path could use. */
static void drop_own_step(thrift_error *err, const char *name)
{
    size_t size = strlen(name);

    if (strncmp(err->source, name, size) == 0) {
        size += err->source[size] == '.';
        memmove(err->source, err->source + size, strlen(err->source + size) + 1);
    }
}

static thrift_status decode_box(const struct plan_type *type, thrift_protocol protocol,
                                thrift_bytes input, const struct codec_policy *policy,
                                struct thrift_root *root, union slot *out, thrift_error *err)
{
    struct layout_field field = {.field = &(const thrift_field){.node = {.name = "value"}}};
    struct plan_op ops[2] = {{.head = plan_head(type->wire, FIELD_ID),
                              .expected = PLAN_NO_HEAD,
                              .offset = offsetof(struct box, slot),
                              .has = 1,
                              .code = type->code,
                              .wire = type->wire,
                              .compact_expected = PLAN_NO_COMPACT_HEAD,
                              .id = FIELD_ID,
                              .type = type,
                              .field = &field},
                             {.code = PLAN_END,
                              .id = INT16_MIN,
                              .expected = PLAN_NO_HEAD,
                              .compact_expected = PLAN_NO_COMPACT_HEAD,
                              .binary_need = UINT8_MAX,
                              .compact_need = UINT8_MAX,
                              .previous_id = PLAN_NO_ID}};
    struct layout layout = {
        .has_offset = offsetof(struct box, has), .has_words = 1, .size = sizeof(struct box)};
    struct plan plan = {.layout = &layout,
                        .ops = ops,
                        .op_count = 1,
                        .has_offset = layout.has_offset,
                        .size = sizeof(struct box)};
    struct box box = {.record = {&layout, root}};
    thrift_status status = codec_decode_into(&plan, protocol, &input, policy, &box.record, err);

    if (status == THRIFT_OK) {
        *out = box.slot;
    } else if (err != NULL) {
        drop_own_step(err, field.field->node.name);
    }
    return status;
}

/* `value` ends where the container does, or nobody knows where. */
static thrift_status decode_container(const struct plan_type *type, thrift_protocol protocol,
                                      thrift_bytes value, bool ends,
                                      const struct codec_policy *policy, struct thrift_root *root,
                                      union slot *out, thrift_error *err)
{
    uint8_t head[BINARY_FIELD_SIZE];
    const uint8_t stop = WIRE_STOP;
    thrift_buffer bytes = {.allocator = root->arena.allocator};
    size_t head_size = protocol == THRIFT_COMPACT ? 1 : BINARY_FIELD_SIZE;
    thrift_status status;

    if (protocol == THRIFT_COMPACT) {
        head[0] = (uint8_t)(FIELD_ID << 4 | wire_to_compact[type->wire]);
    } else {
        (void)binary_write_field(head, type->wire, FIELD_ID);
    }
    status = buffer_append(&bytes, head, head_size) &&
                     buffer_append(&bytes, value.data, value.size) &&
                     buffer_append(&bytes, &stop, ends)
                 ? decode_box(type, protocol, buffer_bytes(&bytes), policy, root, out, err)
                 : FAIL_NOMEM(err);
    if (status != THRIFT_OK && err != NULL) {
        err->offset -= err->offset < head_size ? err->offset : head_size;
    }
    thrift_buffer_deinit(&bytes);
    return status;
}

/* Where the value at the begin of `input` ends. */
static thrift_status measure(const struct plan_type *type, thrift_protocol protocol,
                             thrift_bytes input, const struct codec_policy *policy, size_t *out,
                             thrift_error *err)
{
    struct cursor in = cursor_of(input);
    enum wire_fault fault =
        skip_value(protocol, &in, type->wire, (struct skip_depth){0, 0}, policy->limits);

    *out = cursor_offset(&in);
    if (fault == WIRE_OK) {
        return THRIFT_OK;
    }
    if (err != NULL) {
        err->offset = *out;
    }
    return wire_fail(fault, &in, err);
}

/* What is wrong with a value, as it is seen where nothing is known of its end: sizes are compared
 * with all that is left, not with a part that a wrong size has made too small. */
static thrift_status tell(const struct plan_type *type, thrift_protocol protocol,
                          thrift_bytes input, const struct codec_policy *policy,
                          struct thrift_root *root, thrift_status status, thrift_error *err)
{
    thrift_error why = THRIFT_ERROR_INIT;
    union slot slot;
    thrift_status known = decode_container(type, protocol, input, false, policy, root, &slot, &why);

    if (known == THRIFT_OK || status == THRIFT_E_NOMEM) {
        return status;
    }
    if (err != NULL) {
        *err = why;
    }
    return known;
}

thrift_status decode_slot(const struct plan_type *type, thrift_protocol protocol,
                          thrift_bytes *input, const struct codec_policy *policy,
                          struct thrift_root *root, union slot *out, thrift_error *err)
{
    thrift_status status;
    size_t size;

    if (type->code == PLAN_RECORD) {
        return codec_decode(type->record, protocol, input, policy, root, &out->record, err);
    }
    status = measure(type, protocol, *input, policy, &size, err);
    if (status == THRIFT_OK) {
        status = decode_container(type, protocol, (thrift_bytes){input->data, size}, true, policy,
                                  root, out, err);
    }
    if (status != THRIFT_OK) {
        return tell(type, protocol, *input, policy, root, status, err);
    }
    *input = (thrift_bytes){input->data + size, input->size - size};
    return THRIFT_OK;
}
