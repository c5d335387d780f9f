/*
 * Hashing: fast and seeded for tables, wide for fingerprints.
 */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

/* For tables that a peer or a file can fill: the seed differs in each process (P9). */
uint64_t hash_bytes(const void *bytes, size_t size);

/* 64 hexadecimal digits and NUL; the same on every machine. */
#define HASH_FINGERPRINT_SIZE 65
void hash_fingerprint(const void *bytes, size_t size, char out[HASH_FINGERPRINT_SIZE]);

/* 128 bits, for what is part of a fingerprint; the same on every machine. */
#define HASH_WIDE_SIZE 16
void hash_wide(const void *bytes, size_t size, uint8_t out[HASH_WIDE_SIZE]);

#endif
