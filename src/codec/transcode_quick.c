/*
 * By pairs of functions, one for each protocol on each side.
 */
#include "codec/transcode_quick.h"

#include "base/buffer.h"
#include "codec/decode_flat_steps.h"

/* Bytes that one byte may become, a bool or a short integer, and its field's head. */
#define GROWTH 11u

struct quick_reader {
    bool (*read_struct)(struct decoder *decoder, const struct plan *plan, const void **out);
    uint32_t (*read_part)(struct decoder *decoder, struct decode_part part);
};

struct quick_writer {
    uint8_t *(*write_struct)(const struct plan *plan, const void *record, uint8_t *to,
                             const uint8_t *full);
    uint8_t *(*write_part)(const struct plan_type *type, const uint8_t *slot, uint32_t count,
                           uint8_t *to, const uint8_t *full);
};

static const struct quick_reader readers[] = {
    [THRIFT_BINARY] = {binary_quick_read_struct, binary_quick_read_part},
    [THRIFT_COMPACT] = {compact_quick_read_struct, compact_quick_read_part},
};

static const struct quick_writer writers[] = {
    [THRIFT_BINARY] = {binary_quick_write_struct, binary_quick_write_part},
    [THRIFT_COMPACT] = {compact_quick_write_struct, compact_quick_write_part},
};

struct transcode_quick transcode_quick_begin(struct transcode_source *source,
                                             struct transcode_sink *sink, uint8_t *scratch)
{
    const struct codec_policy *policy = source->decoder.policy;
    bool possible = source->protocol <= THRIFT_COMPACT && sink->protocol <= THRIFT_COMPACT &&
                    policy->plain && !policy->unique;

    return (struct transcode_quick){.reader = possible ? &readers[source->protocol] : NULL,
                                    .writer = possible ? &writers[sink->protocol] : NULL,
                                    .source = source,
                                    .out = sink->writer.out,
                                    .scratch = scratch};
}

/* What is deeper is looked at by the pass, which counts. */
static bool may_nest(const struct transcode_source *source)
{
    return source->depth + 2 + PLAN_NESTED_MOST <= source->json.depth_most &&
           source->structs + PLAN_NESTED_MOST <= source->reader.limits->max_struct_depth;
}

/* The decoder where the source stands, with the scratch memory from `used` on. */
static struct decoder *prepare(const struct transcode_quick *quick, size_t used)
{
    struct decoder *decoder = &quick->source->decoder;
    struct decode_state *state = &decoder->state;

    state->in = *quick->source->in;
    state->sure =
        cursor_left(&state->in) > DECODE_SURE ? state->in.end - DECODE_SURE : state->in.at;
    state->free_at = quick->scratch + used;
    state->free_end = quick->scratch + TRANSCODE_SCRATCH;
    decoder->reserved = 0;
    return decoder;
}

/* Room for what was read, of which `count` elements. NULL: no memory. */
static uint8_t *room(const struct transcode_quick *quick, uint32_t count, const uint8_t **out_full)
{
    thrift_buffer *out = quick->out;
    size_t read = (size_t)(quick->source->decoder.state.in.at - quick->source->in->at);

    if (!buffer_reserve(out, GROWTH * read + (size_t)16 * count + 2 * ENCODE_ROOM)) {
        return NULL;
    }
    *out_full = out->data + out->capacity - ENCODE_ROOM;
    return out->data + out->size;
}

/* What was read is written; NULL: it is not. */
static bool finish(const struct transcode_quick *quick, const uint8_t *end)
{
    if (end == NULL) {
        return false;
    }
    quick->out->size = (size_t)(end - quick->out->data);
    quick->source->in->at = quick->source->decoder.state.in.at;
    return true;
}

bool transcode_quick_struct(const struct transcode_quick *quick, const struct plan *plan)
{
    const void *record;
    const uint8_t *full;
    uint8_t *to;

    if (quick->reader == NULL || !plan->shallow || plan->depth > 2 || !may_nest(quick->source) ||
        !quick->reader->read_struct(prepare(quick, 0), plan, &record)) {
        return false;
    }
    to = room(quick, 0, &full);
    return to != NULL && finish(quick, quick->writer->write_struct(plan, record, to, full));
}

uint32_t transcode_quick_part(const struct transcode_quick *quick, const struct plan_type *type,
                              uint32_t left)
{
    const struct plan_type *element = type->element;
    size_t size = type->code == PLAN_MAP ? type->entry_size : element->size;
    uint32_t most = (uint32_t)(TRANSCODE_SCRATCH / 2 / size), count = left < most ? left : most;
    struct decode_part part = {type, quick->scratch, count, 0};
    const uint8_t *full;
    uint8_t *to;

    if (quick->reader == NULL || left == 0 || !type->flat || !may_nest(quick->source) ||
        (element->code == PLAN_RECORD && element->record->depth > 2)) {
        return 0;
    }
    count = quick->reader->read_part(prepare(quick, (count * size + 7) & ~(size_t)7), part);
    to = count > 0 ? room(quick, count, &full) : NULL;
    return to != NULL &&
                   finish(quick, quick->writer->write_part(type, quick->scratch, count, to, full))
               ? count
               : 0;
}
