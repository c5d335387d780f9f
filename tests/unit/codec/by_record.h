/*
 * The long way of transcoding, by a record, and what the short one must agree with.
 */
#ifndef CODEC_BY_RECORD_H
#define CODEC_BY_RECORD_H

#include "fixture.h"

/* As thrift_transcode() has them: what is absent stays absent, what is unknown stays. */
static inline thrift_codec_options faithful(const thrift_codec_options *options)
{
    thrift_codec_options all = THRIFT_CODEC_OPTIONS_INIT;

    if (options != NULL) {
        all = *options;
    }
    all.no_defaults = true;
    all.accept |= THRIFT_ACCEPT_MISSING;
    all.unknown = all.unknown == THRIFT_UNKNOWN_REFUSE ? all.unknown : THRIFT_UNKNOWN_KEEP;
    return all;
}

static inline thrift_status by_record(const thrift_schema *schema, const char *type,
                                      thrift_protocol from, thrift_bytes input, thrift_protocol to,
                                      const thrift_codec_options *options, thrift_buffer *out,
                                      thrift_error *err)
{
    thrift_codec_options all = faithful(options);
    thrift_record *record = thrift_decode(schema, type, from, input, &all, err);
    thrift_status status =
        record != NULL ? thrift_encode(record, to, &all, out, err) : (thrift_status)err->code;

    thrift_record_free(record);
    return status;
}

/* What both ways wrote means the same; text that nothing reads back is the same. */
static inline bool same_value(const thrift_schema *schema, const char *type, thrift_protocol to,
                              const thrift_buffer *one, const thrift_buffer *other)
{
    thrift_codec_options all = faithful(NULL);
    thrift_record *a, *b;
    bool same;

    if (one->size == other->size &&
        (one->size == 0 || memcmp(one->data, other->data, one->size) == 0)) {
        return true;
    }
    if (to == THRIFT_SIMPLE_JSON) {
        return false;
    }
    all.accept = UINT32_MAX;
    a = thrift_decode(schema, type, to, (thrift_bytes){one->data, one->size}, &all, NULL);
    b = thrift_decode(schema, type, to, (thrift_bytes){other->data, other->size}, &all, NULL);
    same = a != NULL && b != NULL && thrift_record_equal(a, b);
    thrift_record_free(a);
    thrift_record_free(b);
    return same;
}

/* Both ways do, or both do not, for the same reason at the same place when `place`. */
static inline void check_both_ways(const thrift_schema *schema, const char *type,
                                   thrift_protocol from, thrift_bytes input, thrift_protocol to,
                                   const thrift_codec_options *options, bool place)
{
    thrift_buffer one = THRIFT_BUFFER_INIT, other = THRIFT_BUFFER_INIT;
    thrift_error err = THRIFT_ERROR_INIT, why = THRIFT_ERROR_INIT;
    thrift_status status = thrift_transcode(schema, type, from, input, to, options, &one, &err);
    thrift_status expected = by_record(schema, type, from, input, to, options, &other, &why);

    /* A record is not written without what is required; that may be left out in one pass. */
    if (expected == THRIFT_E_REQUIRED && options != NULL &&
        (options->accept & THRIFT_ACCEPT_MISSING) != 0) {
        thrift_buffer_deinit(&one);
        thrift_buffer_deinit(&other);
        return;
    }
    ck_assert_msg((status == THRIFT_OK) == (expected == THRIFT_OK), "%d to %d: %s: %s, and %s: %s",
                  (int)from, (int)to, err.source, err.message, why.source, why.message);
    ck_assert(status == THRIFT_OK || one.size == 0);
    ck_assert_msg(!place || (status == expected && strcmp(err.source, why.source) == 0),
                  "%d to %d: %s: %s, but %s: %s", (int)from, (int)to, err.source, err.message,
                  why.source, why.message);
    ck_assert_msg(status != THRIFT_OK || same_value(schema, type, to, &one, &other),
                  "%d to %d: other bytes: %.*s and %.*s", (int)from, (int)to, (int)one.size,
                  (const char *)one.data, (int)other.size, (const char *)other.data);
    thrift_buffer_deinit(&one);
    thrift_buffer_deinit(&other);
}

#endif
