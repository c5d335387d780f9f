/*
 * A slot is encoded as the only field of a struct that exists for this purpose; then the field's
 * head and the struct's stop are taken off.
 */
#include "codec/encode_slot.h"

#include <stddef.h>

#include "base/buffer.h"
#include "base/error.h"
#include "value/record.h"
#include "wire/binary.h"
#include "wire/compact.h"

#define FIELD_ID 1

struct box {
    thrift_record record;
    uint64_t has;
    union slot slot;
};

static thrift_status encode_box(const struct plan_type *type, thrift_protocol protocol,
                                const union slot *slot, const struct codec_policy *policy,
                                thrift_buffer *out, thrift_error *err)
{
    struct plan_op ops[2] = {
        {.head = plan_head(type->wire, FIELD_ID),
         .offset = offsetof(struct box, slot),
         .has = 1,
         .code = type->code,
         .wire = type->wire,
         .requiredness = THRIFT_FIELD_REQUIRED,
         .compact_head = (uint8_t)(FIELD_ID << 4 | wire_to_compact[type->wire]),
         .id = FIELD_ID,
         .type = type},
        {.code = PLAN_END}};
    struct layout layout = {.has_offset = offsetof(struct box, has), .has_words = 1};
    struct plan plan = {
        .layout = &layout, .ops = ops, .op_count = 1, .has_offset = layout.has_offset};
    struct box box = {.record = {&layout, NULL}, .has = 1, .slot = *slot};
    thrift_error why = THRIFT_ERROR_INIT;
    thrift_status status;

    /* The field has no name that a path could use: only what is inside of it may fail. */
    struct layout_field field = {.field = &(const thrift_field){.node = {.name = "value"}}};

    ops[0].field = &field;
    status = codec_encode(&plan, protocol, &box.record, policy, out, &why);
    if (status != THRIFT_OK && err != NULL) {
        *err = why;
    }
    return status;
}

thrift_status encode_slot(const struct plan_type *type, thrift_protocol protocol,
                          const union slot *slot, const struct codec_policy *policy,
                          thrift_buffer *out, thrift_error *err)
{
    size_t begin = out->size;
    size_t head = protocol == THRIFT_COMPACT ? 1 : BINARY_FIELD_SIZE;
    thrift_status status;

    if (protocol == THRIFT_COMPACT && type->code == PLAN_BOOL) {
        uint8_t truth = slot->boolean ? COMPACT_TRUE : COMPACT_FALSE;

        return buffer_append(out, &truth, 1) ? THRIFT_OK : FAIL_NOMEM(err);
    }
    status = encode_box(type, protocol, slot, policy, out, err);
    if (status == THRIFT_OK) {
        out->size -= head + 1;
        memmove(out->data + begin, out->data + begin + head, out->size - begin);
    }
    return status;
}
