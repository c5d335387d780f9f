/*
 * Passing over TJSON that the definition does not have: by its own type names, checked as strictly
 * as what is decoded. The levels stand on the C stack.
 */
#include "wire/tjson.h"

#include "base/uuid.h"

#define DEPTH_MOST 1024u

struct level {
    uint32_t left;    /* entries to come; of a map keys and values; of a struct not used */
    uint8_t kind;     /* WIRE_STRUCT, WIRE_MAP, WIRE_LIST (sets, too) */
    uint8_t types[2]; /* of a map [1] keys, [0] values; of a list both the same */
    bool first;       /* no field or entry was there yet */
};

struct skip {
    struct level levels[DEPTH_MOST];
    uint32_t depth;
    struct tjson_depth outer;
    uint32_t structs;
    const thrift_limits *limits;
};

static enum wire_fault push(struct skip *skip, struct level level)
{
    uint32_t depth = skip->outer.any + skip->depth;

    if (skip->depth == DEPTH_MOST || depth >= skip->limits->max_depth ||
        (level.kind == WIRE_STRUCT &&
         skip->outer.structs + skip->structs >= skip->limits->max_struct_depth)) {
        return WIRE_DEPTH_LIMIT;
    }
    skip->structs += level.kind == WIRE_STRUCT;
    skip->levels[skip->depth++] = level;
    return WIRE_OK;
}

static void pop(struct skip *skip)
{
    skip->depth -= 1;
    skip->structs -= skip->levels[skip->depth].kind == WIRE_STRUCT;
}

static enum wire_fault skip_string(struct cursor *in)
{
    struct json_text text;
    enum wire_fault fault = json_read_string(in, &text);

    return fault == WIRE_OK ? json_check_text(&text, TJSON_CONTROLS) : fault;
}

static enum wire_fault skip_scalar(struct cursor *in, uint8_t type, bool key)
{
    uint8_t uuid[UUID_SIZE];
    int64_t number;
    double real;

    switch (type) {
    case WIRE_BOOL:
        return tjson_read_integer(in, key, 0, 1, &number);
    case WIRE_I8:
        return tjson_read_integer(in, key, INT8_MIN, INT8_MAX, &number);
    case WIRE_I16:
        return tjson_read_integer(in, key, INT16_MIN, INT16_MAX, &number);
    case WIRE_I32:
        return tjson_read_integer(in, key, INT32_MIN, INT32_MAX, &number);
    case WIRE_I64:
        return tjson_read_integer(in, key, INT64_MIN, INT64_MAX, &number);
    case WIRE_DOUBLE:
        return tjson_read_double(in, key, &real);
    case WIRE_STRING:
        return skip_string(in);
    case WIRE_UUID:
        return tjson_read_uuid(in, uuid);
    default:
        return WIRE_BAD_TYPE;
    }
}

/* One value, or the head of one that has parts. */
static enum wire_fault begin(struct skip *skip, struct cursor *in, uint8_t type, bool key)
{
    struct level level = {.kind = type, .first = true};
    enum wire_fault fault;

    switch (type) {
    case WIRE_STRUCT:
        fault = json_need(in, '{');
        break;
    case WIRE_LIST:
    case WIRE_SET:
        level.kind = WIRE_LIST;
        fault = tjson_read_list(in, &level.types[0], &level.left);
        level.types[1] = level.types[0];
        break;
    case WIRE_MAP:
        fault = tjson_read_map(in, &level.types[1], &level.types[0], &level.left);
        fault = fault == WIRE_OK && level.left > INT32_MAX / 2 ? WIRE_SIZE_LIMIT : fault;
        level.left *= 2;
        break;
    default:
        return skip_scalar(in, type, key);
    }
    return fault == WIRE_OK ? push(skip, level) : fault;
}

static enum wire_fault next_field(struct skip *skip, struct cursor *in)
{
    struct level *level = &skip->levels[skip->depth - 1];
    int16_t id;
    uint8_t type;
    enum wire_fault fault;

    if (!level->first) { /* behind the last field's value */
        fault = json_need(in, '}');
        if (fault != WIRE_OK) {
            return fault;
        }
    }
    if (json_take(in, '}')) {
        pop(skip);
        return WIRE_OK;
    }
    if (!level->first && !json_take(in, ',')) {
        return json_fault(in);
    }
    level->first = false;
    fault = tjson_read_field(in, &id, &type);
    return fault == WIRE_OK ? begin(skip, in, type, false) : fault;
}

static enum wire_fault end_container(struct skip *skip, struct cursor *in, bool map)
{
    enum wire_fault fault = map ? json_need(in, '}') : WIRE_OK;

    fault = fault == WIRE_OK ? json_need(in, ']') : fault;
    pop(skip);
    return fault;
}

static enum wire_fault next_entry(struct skip *skip, struct cursor *in)
{
    struct level *level = &skip->levels[skip->depth - 1];
    bool map = level->kind == WIRE_MAP, key = map && level->left % 2 == 0;
    enum wire_fault fault = WIRE_OK;

    if (level->left == 0) {
        return end_container(skip, in, map);
    }
    if (map && !key) {
        fault = json_need(in, ':');
    } else if (!map || !level->first) {
        fault = json_need(in, ',');
    }
    level->first = false;
    level->left -= 1;
    return fault == WIRE_OK ? begin(skip, in, level->types[key], key) : fault;
}

enum wire_fault tjson_skip(struct cursor *in, uint8_t type, bool key, struct tjson_depth depth,
                           const thrift_limits *limits)
{
    struct skip skip;
    enum wire_fault fault;

    skip.depth = skip.structs = 0;
    skip.outer = depth;
    skip.limits = limits;
    fault = begin(&skip, in, type, key);
    while (fault == WIRE_OK && skip.depth > 0) {
        fault = skip.levels[skip.depth - 1].kind == WIRE_STRUCT ? next_field(&skip, in)
                                                                : next_entry(&skip, in);
    }
    return fault;
}
