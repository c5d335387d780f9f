/*
 * Numbers of a whole list, from the network's byte order to the machine's or back.
 */
#ifndef CODEC_SWAP_H
#define CODEC_SWAP_H

#include <stddef.h>

/* `to` and `from` do not overlap and need no alignment. */
void swap_copy16(void *to, const void *from, size_t count);
void swap_copy32(void *to, const void *from, size_t count);
void swap_copy64(void *to, const void *from, size_t count);

#endif
