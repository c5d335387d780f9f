/*
 * Two values walked in step. Sets and maps are taken in order of arrival as long as that shows them
 * equal; where it does not, the outermost of them is decided by canonical bytes.
 */
#include "value/compare.h"

#include "base/hash.h"
#include "base/stack.h"
#include "value/canonical.h"
#include "value/object.h"

#define ROOM 16

struct frame {
    const thrift_type *type;
    const void *a, *b;
    uint32_t at, a_count, b_count;
};

struct comparison {
    struct stack stack;
    size_t unordered; /* frames up to and with the outermost set or map; 0: none */
};

static int order_of(int64_t a, int64_t b) { return (a > b) - (a < b); }

static int64_t double_order(double x)
{
    int64_t bits;

    memcpy(&bits, &x, sizeof bits);
    return bits < 0 ? (int64_t)(~(uint64_t)bits ^ UINT64_C(1) << 63) : bits;
}

static int compare_text(thrift_bytes a, thrift_bytes b)
{
    size_t common = a.size < b.size ? a.size : b.size;
    int order = common > 0 ? memcmp(a.data, b.data, common) : 0;

    return order != 0 ? order : (a.size > b.size) - (a.size < b.size);
}

static int compare_scalars(thrift_kind kind, const union slot *a, const union slot *b)
{
    switch (kind) {
    case THRIFT_KIND_BOOL:
        return order_of(a->boolean, b->boolean);
    case THRIFT_KIND_I8:
        return order_of(a->i8, b->i8);
    case THRIFT_KIND_I16:
        return order_of(a->i16, b->i16);
    case THRIFT_KIND_I32:
    case THRIFT_KIND_ENUM:
        return order_of(a->i32, b->i32);
    case THRIFT_KIND_I64:
        return order_of(a->i64, b->i64);
    case THRIFT_KIND_DOUBLE:
        return order_of(double_order(a->real), double_order(b->real));
    case THRIFT_KIND_STRING:
    case THRIFT_KIND_BINARY:
        return compare_text(a->bytes, b->bytes);
    case THRIFT_KIND_UUID:
        return memcmp(a->uuid.bytes, b->uuid.bytes, sizeof a->uuid.bytes);
    case THRIFT_KIND_NONE:
    case THRIFT_KIND_RECORD:
    case THRIFT_KIND_LIST:
    case THRIFT_KIND_SET:
    case THRIFT_KIND_MAP:
        break;
    }
    return 0;
}

static bool push(struct comparison *comparison, const thrift_type *type, const void *a,
                 const void *b)
{
    struct frame *frame = stack_push(&comparison->stack);

    if (frame == NULL) {
        return false;
    }
    *frame = (struct frame){type, a, b, 0, object_count(type, a), object_count(type, b)};
    if (comparison->unordered == 0 &&
        (type->kind == THRIFT_KIND_SET || type->kind == THRIFT_KIND_MAP)) {
        comparison->unordered = comparison->stack.count;
    }
    return true;
}

static void pop_to(struct comparison *comparison, size_t count)
{
    comparison->stack.count = count;
    if (comparison->unordered > count) {
        comparison->unordered = 0;
    }
}

/* Compares or pushes. */
static thrift_status compare_child(struct comparison *comparison, const thrift_type *type,
                                   const void *a, const void *b, int *order)
{
    union slot left, right;

    if (a == NULL || b == NULL) {
        *order = (a != NULL) - (b != NULL);
        return THRIFT_OK;
    }
    memcpy(&left, a, slot_size(type->kind));
    memcpy(&right, b, slot_size(type->kind));
    if (!kind_is_object(type->kind)) {
        *order = compare_scalars(type->kind, &left, &right);
        return THRIFT_OK;
    }
    if (left.object == right.object) {
        return THRIFT_OK;
    }
    return push(comparison, type, left.object, right.object) ? THRIFT_OK : THRIFT_E_NOMEM;
}

static thrift_status compare_frame(struct comparison *comparison, struct frame *frame, int *order)
{
    const thrift_type *type;

    if (frame->at < frame->a_count && frame->at < frame->b_count) {
        uint32_t i = frame->at++;
        const void *a = object_child(frame->type, frame->a, i, &type);
        const void *b = object_child(frame->type, frame->b, i, &type);

        return compare_child(comparison, type, a, b, order);
    }
    *order = order_of(frame->a_count, frame->b_count);
    if (*order == 0) {
        pop_to(comparison, comparison->stack.count - 1);
    }
    return THRIFT_OK;
}

/* In step they differ; their canonical bytes decide. Equal ones are passed over. */
static thrift_status compare_unordered(struct comparison *comparison, int *order)
{
    const struct frame *frame = stack_at(&comparison->stack, comparison->unordered - 1);
    thrift_buffer a = THRIFT_BUFFER_INIT, b = THRIFT_BUFFER_INIT;
    thrift_status status = THRIFT_E_NOMEM;

    a.allocator = b.allocator = comparison->stack.allocator;
    if (canonical_write_object(frame->type, frame->a, &a) &&
        canonical_write_object(frame->type, frame->b, &b)) {
        *order = compare_text(buffer_bytes(&a), buffer_bytes(&b));
        status = THRIFT_OK;
    }
    thrift_buffer_deinit(&a);
    thrift_buffer_deinit(&b);
    if (status == THRIFT_OK && *order == 0) {
        pop_to(comparison, comparison->unordered - 1);
    }
    return status;
}

thrift_status compare_slots(const thrift_type *type, const void *a, const void *b,
                            const thrift_allocator *allocator, int *out_order)
{
    struct frame room[ROOM], *frame;
    struct comparison comparison = {.unordered = 0};
    int order = 0;
    thrift_status status;

    stack_init(&comparison.stack, room, sizeof room, sizeof room[0], allocator);
    status = compare_child(&comparison, type, a, b, &order);
    while (status == THRIFT_OK && order == 0 && (frame = stack_top(&comparison.stack)) != NULL) {
        status = compare_frame(&comparison, frame, &order);
        if (status == THRIFT_OK && order != 0 && comparison.unordered > 0) {
            status = compare_unordered(&comparison, &order);
        }
    }
    stack_deinit(&comparison.stack);
    if (status == THRIFT_OK) {
        *out_order = order;
    }
    return status;
}

thrift_status hash_slot(const thrift_type *type, const void *slot,
                        const thrift_allocator *allocator, uint64_t *out_hash)
{
    thrift_buffer bytes = THRIFT_BUFFER_INIT;
    thrift_bytes text;
    bool done = true;

    if (kind_is_text(type->kind)) {
        memcpy(&text, slot, sizeof text);
        *out_hash = hash_bytes(text.data, text.size);
        return THRIFT_OK;
    }
    if (!kind_is_object(type->kind)) {
        *out_hash = hash_bytes(slot, slot_size(type->kind));
        return THRIFT_OK;
    }
    if (allocator != NULL) {
        bytes.allocator = *allocator;
    }
    done = canonical_write(type, slot, &bytes);
    *out_hash = done ? hash_bytes(bytes.data, bytes.size) : 0;
    thrift_buffer_deinit(&bytes);
    return done ? THRIFT_OK : THRIFT_E_NOMEM;
}
