/*
 * Message head: what a strict binary message begins with, up to its sequence id: kind and name.
 *
 * A caller asks for the same method again and again. Who keeps the last head knows the next message
 * by comparing bytes, and writes the head of its reply, which differs in the kind alone, by copying
 * them. Other protocols and long names are read as ever.
 */
#ifndef WIRE_MESSAGE_HEAD_H
#define WIRE_MESSAGE_HEAD_H

#include "base/buffer.h"
#include "base/bytes.h"
#include "wire/message.h"

#define MESSAGE_HEAD_MOST BYTES_SHORT_MOST
#define MESSAGE_HEAD_FIXED 8u /* version with the kind, size of the name */
#define MESSAGE_HEAD_KIND 3u  /* where the kind is */

struct message_head {
    uint32_t size; /* 0: none is kept */
    uint8_t bytes[MESSAGE_HEAD_MOST];
};

/* `message` is what message_read_begin() took `header` from. */
static inline void message_head_keep(struct message_head *head, thrift_protocol protocol,
                                     thrift_bytes message, const struct message_header *header)
{
    size_t size = MESSAGE_HEAD_FIXED + header->name.size;

    head->size = 0;
    if (protocol == THRIFT_BINARY && !header->old && size <= MESSAGE_HEAD_MOST) {
        bytes_copy_short(head->bytes, message.data, size);
        head->size = (uint32_t)size;
    }
}

/* Eight bytes at a time, the last eight perhaps once more. */
static inline bool message_head_equals(const struct message_head *head, const uint8_t *bytes)
{
    const uint32_t last = head->size - 8;
    uint64_t differ = 0, a, b;

    for (uint32_t i = 0; i < last; i += 8) {
        memcpy(&a, head->bytes + i, 8);
        memcpy(&b, bytes + i, 8);
        differ |= a ^ b;
    }
    memcpy(&a, head->bytes + last, 8);
    memcpy(&b, bytes + last, 8);
    return (differ | (a ^ b)) == 0;
}

/* message_read_begin() of a binary message, if that has the head that is kept; false: it has not,
 * or is too short. */
static inline bool message_head_read(const struct message_head *head, thrift_bytes *input,
                                     struct message_header *out)
{
    const size_t size = head->size + sizeof(int32_t);

    if (head->size == 0 || input->size < size || !message_head_equals(head, input->data)) {
        return false;
    }
    out->kind = head->bytes[MESSAGE_HEAD_KIND];
    out->old = false;
    out->name = (thrift_bytes){input->data + MESSAGE_HEAD_FIXED, head->size - MESSAGE_HEAD_FIXED};
    out->sequence_id = (int32_t)load_big32(input->data + head->size);
    *input = (thrift_bytes){input->data + size, input->size - size};
    return true;
}

/* message_write_begin() with the head that is kept, but of that kind. false: no memory. */
static inline bool message_head_write(const struct message_head *head, thrift_message_kind kind,
                                      int32_t sequence_id, thrift_buffer *out)
{
    uint8_t *to;

    if (!buffer_reserve(out, head->size + sizeof sequence_id)) {
        return false;
    }
    to = out->data + out->size;
    bytes_copy_short(to, head->bytes, head->size);
    to[MESSAGE_HEAD_KIND] = (uint8_t)kind;
    store_big32(to + head->size, (uint32_t)sequence_id);
    out->size += head->size + sizeof sequence_id;
    return true;
}

#endif
