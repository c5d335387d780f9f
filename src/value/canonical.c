/*
 * Writing canonical bytes bottom up, without recursion: the children of a set or map are written
 * in order of arrival, and sorted when the last one is there.
 */
#include "value/canonical.h"

#include <stdlib.h>

#include "base/bytes.h"
#include "base/stack.h"
#include "value/object.h"

#define ROOM 16
#define SIGN64 (UINT64_C(1) << 63)

struct frame {
    const thrift_type *type;
    const void *object;
    uint32_t at, count;
    size_t first_span; /* of a set or map: its spans begin here */
};

/* One member of a set, or one entry of a map, in the output. */
struct span {
    size_t begin, key_end, end;
    const uint8_t *base; /* of the output, while sorting */
};

struct writer {
    struct stack frames, spans;
    thrift_buffer *out;
    thrift_buffer sorted; /* scratch */
};

static bool put_byte(thrift_buffer *out, uint8_t byte) { return buffer_append(out, &byte, 1); }

static bool put_integer(thrift_buffer *out, int64_t x)
{
    uint8_t bytes[8];

    store_big64(bytes, (uint64_t)x ^ SIGN64);
    return buffer_append(out, bytes, sizeof bytes);
}

static bool put_double(thrift_buffer *out, double x)
{
    uint64_t bits;
    uint8_t bytes[8];

    memcpy(&bits, &x, sizeof bits);
    store_big64(bytes, (bits & SIGN64) != 0 ? ~bits : bits | SIGN64);
    return buffer_append(out, bytes, sizeof bytes);
}

static bool put_text(thrift_buffer *out, thrift_bytes text)
{
    static const uint8_t zero[2] = {0x00, 0xff}, end[2] = {0x00, 0x00};

    while (text.size > 0) {
        const uint8_t *stop = memchr(text.data, 0, text.size);
        size_t run = stop != NULL ? (size_t)(stop - text.data) : text.size;

        if (!buffer_append(out, text.data, run) ||
            (stop != NULL && !buffer_append(out, zero, sizeof zero))) {
            return false;
        }
        run += stop != NULL;
        text.data += run;
        text.size -= run;
    }
    return buffer_append(out, end, sizeof end);
}

static bool is_sorted(const thrift_type *type)
{
    return type->kind == THRIFT_KIND_SET || type->kind == THRIFT_KIND_MAP;
}

static bool push(struct writer *writer, const thrift_type *type, const void *object)
{
    struct frame *frame = stack_push(&writer->frames);

    if (frame != NULL) {
        *frame = (struct frame){type, object, 0, object_count(type, object), writer->spans.count};
    }
    return frame != NULL;
}

static bool write_slot(struct writer *writer, const thrift_type *type, const void *slot)
{
    thrift_buffer *out = writer->out;
    union slot value;

    memcpy(&value, slot, slot_size(type->kind));
    switch (type->kind) {
    case THRIFT_KIND_BOOL:
        return put_byte(out, value.boolean);
    case THRIFT_KIND_I8:
        return put_integer(out, value.i8);
    case THRIFT_KIND_I16:
        return put_integer(out, value.i16);
    case THRIFT_KIND_I32:
    case THRIFT_KIND_ENUM:
        return put_integer(out, value.i32);
    case THRIFT_KIND_I64:
        return put_integer(out, value.i64);
    case THRIFT_KIND_DOUBLE:
        return put_double(out, value.real);
    case THRIFT_KIND_STRING:
    case THRIFT_KIND_BINARY:
        return put_text(out, value.bytes);
    case THRIFT_KIND_UUID:
        return buffer_append(out, value.uuid.bytes, sizeof value.uuid.bytes);
    case THRIFT_KIND_RECORD:
    case THRIFT_KIND_LIST:
    case THRIFT_KIND_SET:
    case THRIFT_KIND_MAP:
        return push(writer, type, value.object);
    case THRIFT_KIND_NONE:
        break;
    }
    return true;
}

static int compare_bytes(const uint8_t *a, size_t a_size, const uint8_t *b, size_t b_size)
{
    int order = memcmp(a, b, a_size < b_size ? a_size : b_size);

    return order != 0 ? order : (a_size > b_size) - (a_size < b_size);
}

/* By key, equal ones by arrival. */
static int compare_spans(const void *left, const void *right)
{
    const struct span *a = left, *b = right;
    int order = compare_bytes(a->base + a->begin, a->key_end - a->begin, b->base + b->begin,
                              b->key_end - b->begin);

    return order != 0 ? order : (a->begin > b->begin) - (a->begin < b->begin);
}

static bool same_key(const struct span *a, const struct span *b)
{
    return a->key_end - a->begin == b->key_end - b->begin &&
           memcmp(a->base + a->begin, b->base + b->begin, a->key_end - a->begin) == 0;
}

/* The spans that a finished set or map has written, sorted, the last of equal keys kept. */
static bool sort_children(struct writer *writer, const struct frame *frame)
{
    size_t count = writer->spans.count - frame->first_span;
    struct span *spans;
    size_t begin;

    if (count == 0) {
        return true;
    }
    spans = stack_at(&writer->spans, frame->first_span);
    begin = spans[0].begin - 1;
    spans[count - 1].end = writer->out->size;
    for (size_t i = 0; i < count; i++) {
        spans[i].base = writer->out->data;
        spans[i].end = i + 1 < count ? spans[i + 1].begin - 1 : spans[i].end;
        spans[i].key_end = frame->type->kind == THRIFT_KIND_SET ? spans[i].end : spans[i].key_end;
    }
    qsort(spans, count, sizeof *spans, compare_spans);
    writer->sorted.size = 0;
    for (size_t i = 0; i < count; i++) {
        if ((i + 1 == count || !same_key(&spans[i], &spans[i + 1])) &&
            !buffer_append(&writer->sorted, spans[i].base + spans[i].begin - 1,
                           spans[i].end - spans[i].begin + 1)) {
            return false;
        }
    }
    writer->spans.count = frame->first_span;
    writer->out->size = begin;
    return buffer_append(writer->out, writer->sorted.data, writer->sorted.size);
}

static bool finish(struct writer *writer)
{
    struct frame frame = *(struct frame *)stack_at(&writer->frames, writer->frames.count - 1);

    stack_pop(&writer->frames);
    if (is_sorted(frame.type) && !sort_children(writer, &frame)) {
        return false;
    }
    return frame.type->kind == THRIFT_KIND_RECORD || put_byte(writer->out, 0x00);
}

static bool begin_span(struct writer *writer)
{
    struct span *span = put_byte(writer->out, 0x01) ? stack_push(&writer->spans) : NULL;

    if (span != NULL) {
        *span = (struct span){.begin = writer->out->size};
    }
    return span != NULL;
}

static bool write_child(struct writer *writer, struct frame *frame)
{
    uint32_t i = frame->at++;
    const thrift_type *type;
    const void *slot = object_child(frame->type, frame->object, i, &type);
    bool begun = true;

    if (frame->type->kind == THRIFT_KIND_RECORD) {
        if (slot == NULL) {
            return put_byte(writer->out, 0x00);
        }
        begun = put_byte(writer->out, 0x01);
    } else if (frame->type->kind == THRIFT_KIND_MAP && i % 2 == 1) {
        struct span *span = stack_at(&writer->spans, writer->spans.count - 1);

        span->key_end = writer->out->size;
    } else {
        begun = is_sorted(frame->type) ? begin_span(writer) : put_byte(writer->out, 0x01);
    }
    return begun && write_slot(writer, type, slot);
}

static bool run(struct writer *writer)
{
    struct frame *frame;

    while ((frame = stack_top(&writer->frames)) != NULL) {
        if (!(frame->at < frame->count ? write_child(writer, frame) : finish(writer))) {
            return false;
        }
    }
    return true;
}

static bool write_with(const thrift_type *type, const void *slot, thrift_buffer *out)
{
    struct frame frames[ROOM];
    struct span spans[ROOM];
    struct writer writer = {.out = out, .sorted = THRIFT_BUFFER_INIT};
    bool done;

    writer.sorted.allocator = out->allocator;
    stack_init(&writer.frames, frames, sizeof frames, sizeof frames[0], &out->allocator);
    stack_init(&writer.spans, spans, sizeof spans, sizeof spans[0], &out->allocator);
    done = write_slot(&writer, type, slot) && run(&writer);
    stack_deinit(&writer.frames);
    stack_deinit(&writer.spans);
    thrift_buffer_deinit(&writer.sorted);
    return done;
}

bool canonical_write(const thrift_type *type, const void *slot, thrift_buffer *out)
{
    return write_with(type, slot, out);
}

bool canonical_write_object(const thrift_type *type, const void *object, thrift_buffer *out)
{
    return write_with(type, &object, out);
}
