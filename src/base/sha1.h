/*
 * SHA-1, for the one protocol that asks for it: WebSocket's handshake, where it protects nothing.
 *
 * Source: RFC 3174.
 */
#ifndef BASE_SHA1_H
#define BASE_SHA1_H

#include <stddef.h>
#include <stdint.h>

#define SHA1_SIZE 20u

void sha1(const uint8_t *bytes, size_t size, uint8_t out[SHA1_SIZE]);

#endif
