/*
 * What a person would write for Users.echo by hand, once: a message in, a reply out, with the
 * checks that any reader of a peer's bytes needs. Memory is taken from a block that is used again.
 */
#include "by_hand.h"

#include <string.h>

#include "users.h"

struct reader {
    const uint8_t *at, *end;
    char *free_at, *free_end;
};

static bool need(const struct reader *in, size_t size)
{
    return (size_t)(in->end - in->at) >= size;
}

static bool read_u8(struct reader *in, uint8_t *out)
{
    if (!need(in, 1)) {
        return false;
    }
    *out = *in->at++;
    return true;
}

static bool read_i16(struct reader *in, int16_t *out)
{
    if (!need(in, 2)) {
        return false;
    }
    *out = (int16_t)(in->at[0] << 8 | in->at[1]);
    in->at += 2;
    return true;
}

static bool read_i32(struct reader *in, int32_t *out)
{
    uint32_t x;

    if (!need(in, 4)) {
        return false;
    }
    memcpy(&x, in->at, 4);
    *out = (int32_t)__builtin_bswap32(x);
    in->at += 4;
    return true;
}

static bool read_text(struct reader *in, const char **out)
{
    int32_t size;

    if (!read_i32(in, &size) || size < 0 || !need(in, (size_t)size) ||
        (size_t)(in->free_end - in->free_at) < (size_t)size + 1) {
        return false;
    }
    memcpy(in->free_at, in->at, (size_t)size);
    in->free_at[size] = '\0';
    *out = in->free_at;
    in->free_at += size + 1;
    in->at += size;
    return true;
}

static bool read_user(struct reader *in, struct user *user)
{
    bool has_id = false;

    memset(user, 0, sizeof *user);
    for (;;) {
        uint8_t type;
        int16_t id;

        if (!read_u8(in, &type)) {
            return false;
        }
        if (type == 0) {
            return has_id;
        }
        if (!read_i16(in, &id)) {
            return false;
        }
        if (id == 1 && type == 8) {
            has_id = true;
            if (!read_i32(in, &user->id)) {
                return false;
            }
        } else if (id == 2 && type == 11) {
            if (!read_text(in, &user->name)) {
                return false;
            }
        } else if (id == 3 && type == 11) {
            if (!read_text(in, &user->email)) {
                return false;
            }
        } else {
            return false; /* nothing is passed over here */
        }
    }
}

static uint8_t *write_i32(uint8_t *to, int32_t x)
{
    uint32_t swapped = __builtin_bswap32((uint32_t)x);

    memcpy(to, &swapped, 4);
    return to + 4;
}

static uint8_t *write_field(uint8_t *to, uint8_t type, int16_t id)
{
    to[0] = type;
    to[1] = (uint8_t)((uint16_t)id >> 8);
    to[2] = (uint8_t)id;
    return to + 3;
}

static uint8_t *write_text(uint8_t *to, const char *text, size_t size)
{
    to = write_i32(to, (int32_t)size);
    memcpy(to, text, size);
    return to + size;
}

/* NULL: no room. */
static uint8_t *write_user(uint8_t *to, const uint8_t *end, const struct user *user)
{
    size_t name = user->name != NULL ? strlen(user->name) : 0;
    size_t email = user->email != NULL ? strlen(user->email) : 0;

    if ((size_t)(end - to) < name + email + 32) {
        return NULL;
    }
    to = write_i32(write_field(to, 8, 1), user->id);
    to = write_text(write_field(to, 11, 2), user->name, name);
    if (user->email != NULL) {
        to = write_text(write_field(to, 11, 3), user->email, email);
    }
    *to++ = 0;
    return to;
}

static bool read_head(struct reader *in, int32_t *sequence_id)
{
    int32_t version, size;

    if (!read_i32(in, &version) || ((uint32_t)version & 0xffff00ffu) != 0x80010001u ||
        !read_i32(in, &size) || size != 4 || !need(in, 4) || memcmp(in->at, "echo", 4) != 0) {
        return false;
    }
    in->at += 4;
    return read_i32(in, sequence_id);
}

static bool read_arguments(struct reader *in, struct user *user)
{
    uint8_t type;
    int16_t id;

    return read_u8(in, &type) && type == 12 && read_i16(in, &id) && id == 1 &&
           read_user(in, user) && read_u8(in, &type) && type == 0 && in->at == in->end;
}

size_t by_hand(by_hand_fn handler, const uint8_t *message, size_t size, uint8_t *out, size_t room)
{
    char memory[1024];
    struct reader in = {message, message + size, memory, memory + sizeof memory};
    struct user user, result = {0, NULL, NULL};
    int32_t sequence_id;
    uint8_t *to = out;

    if (!read_head(&in, &sequence_id) || !read_arguments(&in, &user) ||
        handler(NULL, &user, &result) != THRIFT_OK || room < 64) {
        return 0;
    }
    to = write_i32(to, (int32_t)0x80010002);
    to = write_text(to, "echo", 4);
    to = write_i32(to, sequence_id);
    to = write_user(write_field(to, 12, 0), out + room - 1, &result);
    if (to == NULL) {
        return 0;
    }
    *to++ = 0;
    return (size_t)(to - out);
}

size_t by_hand_user(by_hand_fn handler, const uint8_t *bytes, size_t size, uint8_t *out,
                    size_t room)
{
    char memory[1024];
    struct reader in = {bytes, bytes + size, memory, memory + sizeof memory};
    struct user user, result = {0, NULL, NULL};
    uint8_t *end;

    if (!read_user(&in, &user) || in.at != in.end || handler(NULL, &user, &result) != THRIFT_OK) {
        return 0;
    }
    end = write_user(out, out + room, &result);
    return end != NULL ? (size_t)(end - out) : 0;
}
