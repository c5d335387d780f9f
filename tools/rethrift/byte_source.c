/*
 * Reading in pieces. The view is doubled, so that looking at it again from its beginning after each
 * piece is linear in its size.
 */
#include "byte_source.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define VIEW_MOST ((size_t)1 << 30)
#define READ_SIZE ((size_t)1 << 16)

static bool fail(const struct byte_source *source, thrift_status status, const char *why,
                 thrift_error *err)
{
    err->code = status;
    snprintf(err->message, sizeof err->message, "cannot %s %s: %s",
             source->file < 0 ? "open" : "read", source->name, why);
    return false;
}

bool byte_source_open(struct byte_source *source, const char *path, enum bytes_form form,
                      thrift_error *err)
{
    bool is_input = strcmp(path, "-") == 0;

    *source = (struct byte_source){
        .name = is_input ? "the standard input" : path, .form = form, .bytes = THRIFT_BUFFER_INIT};
    source->file = is_input ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    return source->file >= 0 || fail(source, THRIFT_E_IO, strerror(errno), err);
}

void byte_source_close(struct byte_source *source)
{
    if (source->file > STDIN_FILENO) {
        close(source->file);
    }
    thrift_buffer_deinit(&source->bytes);
}

thrift_bytes byte_source_view(const struct byte_source *source)
{
    const thrift_buffer *bytes = &source->bytes;

    return source->taken == bytes->size
               ? (thrift_bytes){bytes->data, 0}
               : (thrift_bytes){bytes->data + source->taken, bytes->size - source->taken};
}

void byte_source_take(struct byte_source *source, size_t size) { source->taken += size; }

uint64_t byte_source_offset(const struct byte_source *source)
{
    return source->passed + source->taken;
}

/* Room behind the view, which moves to the front. */
static bool make_room(struct byte_source *source, size_t size, thrift_error *err)
{
    thrift_buffer *bytes = &source->bytes;
    size_t left = bytes->size - source->taken;

    if (source->taken > 0) {
        memmove(bytes->data, bytes->data + source->taken, left);
        source->passed += source->taken;
        source->taken = 0;
        bytes->size = left;
    }
    if (size > bytes->capacity - left) {
        size_t capacity = left + size;
        uint8_t *data = realloc(bytes->data, capacity);

        if (data == NULL) {
            return fail(source, THRIFT_E_NOMEM, strerror(ENOMEM), err);
        }
        bytes->data = data;
        bytes->capacity = capacity;
    }
    return true;
}

/* One read() behind the view. `*out_size`: bytes that it made. */
static bool read_some(struct byte_source *source, size_t room, size_t *out_size, thrift_error *err)
{
    thrift_buffer *bytes = &source->bytes;
    uint8_t *at = bytes->data + bytes->size;
    ssize_t size;

    do {
        size = read(source->file, at, room);
    } while (size < 0 && errno == EINTR);
    if (size < 0) {
        return fail(source, THRIFT_E_IO, strerror(errno), err);
    }
    *out_size = 0;
    source->ended = size == 0;
    if (source->ended) {
        return bytes_decode_end(source->form, &source->reading, err);
    }
    if (!bytes_decode(source->form, &source->reading, at, (size_t)size, out_size, err)) {
        return false;
    }
    bytes->size += *out_size;
    return true;
}

static bool would_wait(const struct byte_source *source)
{
    struct pollfd ready = {.fd = source->file, .events = POLLIN};

    return poll(&ready, 1, 0) == 0;
}

bool byte_source_more(struct byte_source *source, thrift_error *err)
{
    size_t had = byte_source_view(source).size;
    size_t wanted = had > READ_SIZE ? had : READ_SIZE, got = 0;

    if (had > VIEW_MOST) {
        return fail(source, THRIFT_E_LIMIT, "one value may have 1 GiB", err);
    }
    if (!make_room(source, wanted, err)) {
        return false;
    }
    while (!source->ended && got < wanted && (got == 0 || !would_wait(source))) {
        size_t size;

        if (!read_some(source, wanted - got, &size, err)) {
            return false;
        }
        got += size;
    }
    return true;
}

bool byte_source_all(struct byte_source *source, thrift_error *err)
{
    while (!source->ended) {
        if (!byte_source_more(source, err)) {
            return false;
        }
    }
    return true;
}
