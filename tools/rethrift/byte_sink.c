/*
 * Writing in pieces.
 */
#include "byte_sink.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

bool byte_sink_open(struct byte_sink *sink)
{
    if (sink->to == NULL) {
        sink->to = sink->path != NULL ? fopen(sink->path, "wb") : stdout;
        sink->first = true;
    }
    return sink->to != NULL;
}

static bool write_front(struct byte_sink *sink, size_t size)
{
    thrift_buffer *bytes = &sink->bytes;

    if (!byte_sink_open(sink) ||
        !bytes_write(sink->to, sink->form, (thrift_bytes){bytes->data, size}, sink->first)) {
        return false;
    }
    sink->first = sink->first && size == 0;
    bytes->size -= size;
    if (bytes->size > 0) {
        memmove(bytes->data, bytes->data + size, bytes->size);
    }
    return true;
}

bool byte_sink_flush(struct byte_sink *sink)
{
    size_t rest = sink->form == FORM_BASE64 ? sink->bytes.size % BYTES_PIECE : 0;
    size_t size = sink->bytes.size - rest;

    return (size == 0 || write_front(sink, size)) && (sink->to == NULL || fflush(sink->to) == 0);
}

bool byte_sink_close(struct byte_sink *sink)
{
    bool done = write_front(sink, sink->bytes.size) && bytes_write_end(sink->to, sink->form);

    if (sink->to != NULL) {
        done = (sink->to == stdout ? fflush(stdout) : fclose(sink->to)) == 0 && done;
    }
    return done;
}

thrift_status byte_sink_fail(const struct byte_sink *sink, thrift_error *err)
{
    err->code = THRIFT_E_IO;
    snprintf(err->message, sizeof err->message, "cannot write %s: %s",
             sink->path != NULL ? sink->path : "the standard output", strerror(errno));
    return THRIFT_E_IO;
}

bool byte_sink_is(const struct byte_sink *sink, int file)
{
    struct stat own, other;

    return sink->path != NULL && stat(sink->path, &own) == 0 && fstat(file, &other) == 0 &&
           own.st_dev == other.st_dev && own.st_ino == other.st_ino;
}
