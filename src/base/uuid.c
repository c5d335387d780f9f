/*
 * Sixteen pairs of digits, a hyphen before four of them.
 */
#include "base/uuid.h"

static bool hyphen_before(size_t byte) { return byte == 4 || byte == 6 || byte == 8 || byte == 10; }

void uuid_write(char out[UUID_TEXT_SIZE], const uint8_t uuid[UUID_SIZE])
{
    static const char digits[] = "0123456789abcdef";

    for (size_t i = 0; i < UUID_SIZE; i++) {
        if (hyphen_before(i)) {
            *out++ = '-';
        }
        *out++ = digits[uuid[i] >> 4];
        *out++ = digits[uuid[i] & 15];
    }
}

/* 16 and more for what is no digit. */
static unsigned digit_value(char c)
{
    if (c >= '0' && c <= '9') {
        return (unsigned)(c - '0');
    }
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? (unsigned)(c - 'a') + 10 : 16;
}

bool uuid_read(const char *text, size_t size, uint8_t out[UUID_SIZE])
{
    uint8_t bytes[UUID_SIZE];

    if (size == UUID_TEXT_SIZE + 2 && text[0] == '{' && text[size - 1] == '}') {
        text += 1;
        size -= 2;
    }
    if (size != UUID_TEXT_SIZE) {
        return false;
    }
    for (size_t i = 0; i < UUID_SIZE; i++) {
        unsigned high, low;

        if (hyphen_before(i) && *text++ != '-') {
            return false;
        }
        high = digit_value(*text++);
        low = digit_value(*text++);
        if (high > 15 || low > 15) {
            return false;
        }
        bytes[i] = (uint8_t)(high << 4 | low);
    }
    for (size_t i = 0; i < UUID_SIZE; i++) {
        out[i] = bytes[i];
    }
    return true;
}
