/*
 * As encode_slot.c does it: the value is encoded as the only field of a struct that exists for this
 * purpose; then what stands around it is taken off. The field goes by the text of one that no
 * struct has; of a container the types in TJSON's head would belong to that text.
 */
#include "codec/json_value.h"

#include <stddef.h>

#include "base/buffer.h"
#include "base/error.h"
#include "codec/json_plan.h"
#include "codec/transcode_sink.h"
#include "value/record.h"
#include "wire/tjson.h"

struct box {
    thrift_record record;
    uint64_t has;
    union slot slot;
};

/* Of the field that no struct has: see json_plans_of(). */
static uint32_t lone_index(const struct plan *any, bool quotes)
{
    return (uint32_t)any->layout->all->schema->struct_count + quotes;
}

static thrift_status encode_box(const struct plan *any, const struct plan_type *type, bool quotes,
                                thrift_protocol protocol, const union slot *slot,
                                thrift_buffer *out, thrift_error *err)
{
    /* The field has no name that a path could use: only what is inside of it may fail. */
    struct layout_field field = {.field = &(const thrift_field){.node = {.name = "value"}}};
    struct plan_op ops[2] = {{.offset = offsetof(struct box, slot),
                              .has = 1,
                              .code = type->code,
                              .wire = type->wire,
                              .requiredness = THRIFT_FIELD_REQUIRED,
                              .id = 1,
                              .type = type,
                              .field = &field},
                             {.code = PLAN_END}};
    struct layout layout = {.all = any->layout->all,
                            .index = lone_index(any, quotes),
                            .has_offset = offsetof(struct box, has),
                            .has_words = 1};
    struct plan plan = {
        .layout = &layout, .ops = ops, .op_count = 1, .has_offset = layout.has_offset};
    struct box box = {.record = {&layout, NULL}, .has = 1, .slot = *slot};
    thrift_error why = THRIFT_ERROR_INIT;
    thrift_status status =
        codec_encode(&plan, protocol, &box.record, &codec_policy_default, out, &why);

    if (status != THRIFT_OK && err != NULL) {
        *err = why;
    }
    return status;
}

static bool put_text(thrift_buffer *out, const char *text)
{
    return buffer_append(out, text, strlen(text));
}

/* `["i32",` */
static bool put_types(const struct plan_type *type, thrift_buffer *out)
{
    return put_text(out, "[") &&
           (type->code != PLAN_MAP ||
            (put_text(out, tjson_type_text(type->key->wire)) && put_text(out, ","))) &&
           put_text(out, tjson_type_text(type->element->wire)) && put_text(out, ",");
}

thrift_status json_value_write(const struct plan *any, const struct plan_type *type, bool quotes,
                               thrift_protocol protocol, const union slot *slot, thrift_buffer *out,
                               thrift_error *err)
{
    const struct json_plan *texts = json_plans_of(any->layout->all->schema, err), *lone;
    bool tagged = protocol == THRIFT_TJSON;
    size_t before = out->size, begin, head, end = tagged ? 2 : 1;
    thrift_status status;

    if (texts == NULL) {
        return THRIFT_E_NOMEM;
    }
    if (tagged && !plan_is_leaf(type) && type->code != PLAN_RECORD && !put_types(type, out)) {
        out->size = before;
        return FAIL_NOMEM(err);
    }
    begin = out->size;
    lone = &texts[lone_index(any, quotes)];
    head = 1 + (tagged ? lone->tagged : lone->plain)->size;
    status = encode_box(any, type, quotes, protocol, slot, out, err);
    if (status != THRIFT_OK) {
        out->size = before;
        return status;
    }
    out->size -= head + end;
    memmove(out->data + begin, out->data + begin + head, out->size - begin);
    return THRIFT_OK;
}

thrift_status json_value_write_key(const struct plan *any, const struct plan_type *type,
                                   thrift_protocol protocol, const union slot *slot,
                                   thrift_buffer *out, thrift_error *err)
{
    struct transcode_sink sink;
    size_t before = out->size;
    bool good = transcode_sink_begin(&sink, any, protocol, &codec_policy_default, out, err) &&
                transcode_write_leaf(&sink, type, false, true, slot);

    transcode_sink_end(&sink, good);
    if (!good) {
        out->size = before;
    }
    return good ? THRIFT_OK : sink.encoder.status;
}
