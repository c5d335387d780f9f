/*
 * Passing over JSON whose meaning nobody asks for: a stack of one bit for each level (R6).
 */
#include "base/number.h"
#include "wire/json.h"

#define DEPTH_MOST 1024u

/* One bit a level: set for an object. */
struct levels {
    uint64_t bits[DEPTH_MOST / 64];
    uint32_t depth, most;
};

static bool in_object(const struct levels *levels)
{
    uint32_t top = levels->depth - 1;

    return (levels->bits[top / 64] >> (top % 64) & 1) != 0;
}

static bool push(struct levels *levels, bool object)
{
    uint32_t top = levels->depth;
    uint64_t bit = UINT64_C(1) << (top % 64);

    if (top == levels->most) {
        return false;
    }
    levels->bits[top / 64] = (levels->bits[top / 64] & ~bit) | (object ? bit : 0);
    levels->depth += 1;
    return true;
}

static enum wire_fault skip_word(struct cursor *in, const char *word)
{
    size_t size = strlen(word), there = cursor_left(in) < size ? cursor_left(in) : size;

    if (memcmp(in->at, word, there) != 0) {
        return WIRE_BAD_VALUE;
    }
    in->at += there;
    return there == size ? WIRE_OK : WIRE_TRUNCATED;
}

/* Behind an integer that a comma or bracket follows at once; NULL: to be looked at more closely. */
static const uint8_t *integer_end(const struct cursor *in)
{
    const uint8_t *begin = in->at + (in->at < in->end && *in->at == '-');
    uint64_t value = 0;
    const uint8_t *behind = digits_read(begin, in->end, &value);

    return behind > begin && behind < in->end && (*begin != '0' || behind - begin == 1) &&
                   (*behind == ',' || *behind == ']' || *behind == '}')
               ? behind
               : NULL;
}

static enum wire_fault skip_number(struct cursor *in)
{
    double x;
    const uint8_t *behind = integer_end(in);

    if (behind == NULL) {
        behind = number_read_json(in->at, in->end, &x);
    }
    if (behind == NULL) {
        return json_is_cut_number(in) ? WIRE_TRUNCATED : WIRE_BAD_VALUE;
    }
    in->at = behind;
    return WIRE_OK;
}

static enum wire_fault skip_key(struct cursor *in)
{
    struct json_text key;
    enum wire_fault fault = json_read_string(in, &key);

    return fault == WIRE_OK ? json_need(in, ':') : fault;
}

static enum wire_fault skip_scalar(struct cursor *in, uint8_t first)
{
    struct json_text text;

    switch (first) {
    case '"':
        return json_read_string(in, &text);
    case 't':
        return skip_word(in, "true");
    case 'f':
        return skip_word(in, "false");
    case 'n':
        return skip_word(in, "null");
    default:
        return skip_number(in);
    }
}

/* Enters an array or object; *done when it is empty and left again. */
static enum wire_fault enter(struct levels *levels, struct cursor *in, bool object, bool *done)
{
    in->at++;
    if (!push(levels, object)) {
        return WIRE_DEPTH_LIMIT;
    }
    *done = json_take(in, object ? '}' : ']');
    if (*done) {
        levels->depth -= 1;
        return WIRE_OK;
    }
    return object ? skip_key(in) : WIRE_OK;
}

/* Behind a value: the next one of its container, or the container's end, and so on outwards. */
static enum wire_fault go_on(struct levels *levels, struct cursor *in)
{
    while (levels->depth > 0) {
        bool object = in_object(levels);

        if (json_take(in, ',')) {
            return object ? skip_key(in) : WIRE_OK;
        }
        if (!json_take(in, object ? '}' : ']')) {
            return json_fault(in);
        }
        levels->depth -= 1;
    }
    return WIRE_OK;
}

enum wire_fault json_skip(struct cursor *in, uint32_t depth)
{
    struct levels levels = {.most = depth < DEPTH_MOST ? depth : DEPTH_MOST};
    enum wire_fault fault;

    do {
        uint8_t first = json_peek(in);
        bool done = true;

        if (first == '{' || first == '[') {
            fault = enter(&levels, in, first == '{', &done);
        } else {
            fault = skip_scalar(in, first);
        }
        if (fault == WIRE_OK && done) {
            fault = go_on(&levels, in);
        }
    } while (fault == WIRE_OK && levels.depth > 0);
    return fault;
}
