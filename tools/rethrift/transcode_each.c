/*
 * One after the other out of a stream, with memory for the one that is being looked at.
 */
#include <stdlib.h>

#include "transcode.h"

#define OUTPUT_KEPT ((size_t)1 << 20)
#define SIZE_MOST ((size_t)1 << 30)
#define MEMORY_PER_BYTE 64
#define MEMORY_LEAST ((size_t)64 << 20)

void transcode_allow(struct transcode *t, size_t size)
{
    t->limits.max_message_memory = MEMORY_LEAST + MEMORY_PER_BYTE * size;
    t->limits.max_frame_size = MEMORY_LEAST + SIZE_MOST;
    t->limits.max_string_size = MEMORY_LEAST + SIZE_MOST;
    t->options.limits = &t->limits;
}

thrift_status transcode_final(thrift_status status, thrift_error *err)
{
    if (status == THRIFT_E_TRUNCATED || status == THRIFT_E_LIMIT) {
        err->code = THRIFT_E_CORRUPT;
        return THRIFT_E_CORRUPT;
    }
    return status;
}

thrift_status transcode_more(struct byte_source *from, struct byte_sink *to, thrift_error *err)
{
    if (!byte_sink_flush(to)) {
        return byte_sink_fail(to, err);
    }
    return byte_source_more(from, err) ? THRIFT_OK : err->code;
}

/* An object of JSON to its end; what begins otherwise is for a decoder to refuse. */
static bool is_whole_text(thrift_bytes text)
{
    size_t depth = 0;
    bool quoted = false;

    for (size_t i = 0; i < text.size; i++) {
        uint8_t c = text.data[i];

        if (c == '"') {
            quoted = !quoted;
        } else if (quoted) {
            i += c == '\\';
        } else if (c == '{' || c == '[') {
            depth++;
        } else if (c == '}' || c == ']') {
            depth -= depth > 0;
        }
        if (depth == 0 && !quoted) {
            return true;
        }
    }
    return false;
}

/* Reads until something may be whole. Nothing is there then: the input has ended. */
static thrift_status fill(const struct transcode *t, const struct transcode_each *each,
                          struct byte_source *from, struct byte_sink *to, thrift_error *err)
{
    for (;;) {
        thrift_bytes view = transcode_trimmed(t->from, byte_source_view(from));
        thrift_status status;

        if (from->ended || (view.size > 0 && (!each->text || is_whole_text(view)))) {
            return THRIFT_OK;
        }
        status = transcode_more(from, to, err);
        if (status != THRIFT_OK) {
            return status;
        }
    }
}

/* What costs too much may be the beginning of something that is large and may cost more. */
static bool needs_more(const struct transcode_each *each, const struct byte_source *from,
                       thrift_status status)
{
    return !each->text && !from->ended &&
           (status == THRIFT_E_TRUNCATED || status == THRIFT_E_LIMIT);
}

static thrift_status one(struct transcode *t, const struct transcode_each *each,
                         struct byte_source *from, struct byte_sink *to, thrift_error *err)
{
    for (;;) {
        thrift_bytes view = byte_source_view(from), rest = transcode_trimmed(t->from, view);
        thrift_status status;

        transcode_allow(t, view.size);
        status = each->next(each->context, &rest, &to->bytes, err);
        if (status == THRIFT_OK) {
            byte_source_take(from, (size_t)(rest.data - view.data));
            return THRIFT_OK;
        }
        if (!needs_more(each, from, status)) {
            return status;
        }
        thrift_error_clear(err);
        status = transcode_more(from, to, err);
        if (status != THRIFT_OK) {
            return status;
        }
    }
}

thrift_status transcode_each(struct transcode *t, const struct transcode_each *each,
                             struct byte_source *from, struct byte_sink *to, thrift_error *err)
{
    for (unsigned long long count = 1;; count++) {
        thrift_status status = fill(t, each, from, to, err);

        if (status == THRIFT_OK && transcode_trimmed(t->from, byte_source_view(from)).size == 0) {
            return THRIFT_OK;
        }
        if (status == THRIFT_OK) {
            status = one(t, each, from, to, err);
        }
        if (status == THRIFT_OK && to->bytes.size > OUTPUT_KEPT && !byte_sink_flush(to)) {
            return byte_sink_fail(to, err);
        }
        if (status != THRIFT_OK) {
            (void)byte_sink_flush(to);
            if (each->what != NULL) {
                fprintf(stderr, "%s %llu, at byte %llu:\n", each->what, count,
                        (unsigned long long)byte_source_offset(from));
            }
            return status;
        }
    }
}
