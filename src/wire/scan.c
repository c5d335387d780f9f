/*
 * Scanning is a walk over the message's body that goes on where the last piece ended.
 */
#include "wire/scan.h"

#include "base/alloc.h"
#include "base/error.h"
#include "base/limits.h"
#include "wire/message.h"
#include "wire/wire_type.h"

void scan_begin(struct scan *scan, thrift_protocol protocol, const thrift_limits *limits,
                const thrift_allocator *allocator)
{
    *scan = (struct scan){.protocol = protocol, .limits = limits_in_force(limits)};
    if (allocator != NULL) {
        scan->allocator = *allocator;
    }
}

void scan_again(struct scan *scan)
{
    scan->at = 0;
    scan->ending = (struct tjson_ending){0};
    scan->inside = false;
    scan->ended = false;
}

void scan_deinit(struct scan *scan)
{
    mem_free(&scan->allocator, scan->walk.levels, scan->walk.capacity * sizeof(struct walk_level));
    scan->walk = (struct walk){0};
    scan_again(scan);
}

/* The header is small, so it is read whole once it is there. */
static thrift_status scan_header(struct scan *scan, thrift_bytes so_far, thrift_error *err)
{
    struct message_header header;
    thrift_bytes rest = so_far;
    thrift_error why = THRIFT_ERROR_INIT;
    thrift_status status = message_read_begin(scan->protocol, &rest, &scan->limits, &header, &why);

    if (status == THRIFT_E_TRUNCATED) {
        return THRIFT_PENDING;
    }
    if (status != THRIFT_OK) {
        if (err != NULL) {
            *err = why;
        }
        return status;
    }
    scan->at = so_far.size - rest.size;
    scan->walk = (struct walk){
        .levels = scan->walk.levels, .capacity = scan->walk.capacity, .next_type = WIRE_STRUCT};
    scan->inside = true;
    return THRIFT_OK;
}

static thrift_status scan_body(struct scan *scan, thrift_bytes so_far, thrift_error *err)
{
    struct cursor in = cursor_of(so_far);
    enum wire_fault fault;
    uint64_t ahead;

    in.at += scan->at;
    scan->walk.limits = &scan->limits; /* set anew: the scanner itself may have moved */
    scan->walk.allocator = &scan->allocator;
    scan->walk.grows = true;
    fault = walk_on(&scan->walk, scan->protocol, &in);
    scan->at = cursor_offset(&in);
    ahead = scan->at + scan->walk.pass;
    if (ahead > scan->limits.max_frame_size && (fault == WIRE_OK || fault == WIRE_TRUNCATED)) {
        return FAIL(err, THRIFT_E_LIMIT, "a message of more than %zu bytes",
                    scan->limits.max_frame_size);
    }
    if (fault == WIRE_TRUNCATED) {
        return THRIFT_PENDING;
    }
    scan->ended = fault == WIRE_OK;
    return fault == WIRE_OK ? THRIFT_OK : wire_fail(fault, &in, err);
}

/* Nothing of TJSON needs to be understood to find its end, the header neither. */
static thrift_status scan_tjson(struct scan *scan, thrift_bytes so_far, thrift_error *err)
{
    struct cursor in = cursor_of(so_far);
    enum wire_fault fault;

    in.at += scan->at;
    fault = tjson_find_end(&scan->ending, &in, 2 * scan->limits.max_depth + 2);
    scan->at = cursor_offset(&in);
    if (scan->at > scan->limits.max_frame_size) {
        return FAIL(err, THRIFT_E_LIMIT, "a message of more than %zu bytes",
                    scan->limits.max_frame_size);
    }
    if (fault == WIRE_TRUNCATED) {
        return THRIFT_PENDING;
    }
    scan->ended = fault == WIRE_OK;
    return fault == WIRE_OK ? THRIFT_OK : wire_fail(fault, &in, err);
}

thrift_status scan_on(struct scan *scan, thrift_bytes so_far, size_t *out_size, thrift_error *err)
{
    thrift_status status = THRIFT_OK;

    if (scan->protocol == THRIFT_TJSON) {
        status = scan->ended ? THRIFT_OK : scan_tjson(scan, so_far, err);
    } else if (!scan->inside) {
        status = scan_header(scan, so_far, err);
    }
    if (status == THRIFT_OK && scan->inside && !scan->ended) {
        status = scan_body(scan, so_far, err);
    }
    if (status == THRIFT_OK) {
        *out_size = scan->at;
    }
    return status;
}
