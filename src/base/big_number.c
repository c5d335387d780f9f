/*
 * Schoolbook arithmetic on words of 32 bits: rarely needed, so short rather than fast.
 */
#include "base/big_number.h"

#include <assert.h>
#include <string.h>

#define FIVE_TO_THE_13TH 1220703125u

void big_set(struct big_number *x, uint64_t value)
{
    x->words[0] = (uint32_t)value;
    x->words[1] = (uint32_t)(value >> 32);
    x->count = value >> 32 != 0 ? 2 : value != 0;
}

static void push_word(struct big_number *x, uint32_t word)
{
    assert(x->count < BIG_WORDS_MOST);
    x->words[x->count++] = word;
}

void big_multiply_add(struct big_number *x, uint32_t factor, uint32_t addend)
{
    uint64_t carry = addend;

    for (size_t i = 0; i < x->count; i++) {
        carry += (uint64_t)x->words[i] * factor;
        x->words[i] = (uint32_t)carry;
        carry >>= 32;
    }
    if (carry != 0) {
        push_word(x, (uint32_t)carry);
    }
}

void big_multiply_power_of_five(struct big_number *x, unsigned n)
{
    uint32_t rest = 1;

    for (; n >= 13; n -= 13) {
        big_multiply_add(x, FIVE_TO_THE_13TH, 0);
    }
    while (n-- > 0) {
        rest *= 5;
    }
    big_multiply_add(x, rest, 0);
}

void big_shift_left(struct big_number *x, unsigned bits)
{
    size_t words = bits / 32;

    if (x->count == 0) {
        return;
    }
    big_multiply_add(x, UINT32_C(1) << bits % 32, 0);
    assert(x->count + words <= BIG_WORDS_MOST);
    memmove(x->words + words, x->words, x->count * sizeof x->words[0]);
    memset(x->words, 0, words * sizeof x->words[0]);
    x->count += words;
}

int big_compare(const struct big_number *a, const struct big_number *b)
{
    if (a->count != b->count) {
        return a->count < b->count ? -1 : 1;
    }
    for (size_t i = a->count; i-- > 0;) {
        if (a->words[i] != b->words[i]) {
            return a->words[i] < b->words[i] ? -1 : 1;
        }
    }
    return 0;
}
