/*
 * Big natural numbers of fixed room, for the few conversions of doubles that 128 bits cannot
 * decide.
 *
 * The room is enough for every double against every decimal of BIG_DIGITS_MOST digits; exceeding it
 * is a mistake of the caller (assert), never of an input.
 */
#ifndef BASE_BIG_NUMBER_H
#define BASE_BIG_NUMBER_H

#include <stddef.h>
#include <stdint.h>

#define BIG_WORDS_MOST 128
/* More digits than the exact value of any number halfway between two doubles has. */
#define BIG_DIGITS_MOST 768

/* Lowest word first; no zero word on top. */
struct big_number {
    uint32_t words[BIG_WORDS_MOST];
    size_t count;
};

void big_set(struct big_number *x, uint64_t value);
/* x = x * factor + addend */
void big_multiply_add(struct big_number *x, uint32_t factor, uint32_t addend);
void big_multiply_power_of_five(struct big_number *x, unsigned n);
void big_shift_left(struct big_number *x, unsigned bits);
/* Less than, equal to or greater than 0, as a is to b. */
int big_compare(const struct big_number *a, const struct big_number *b);

#endif
