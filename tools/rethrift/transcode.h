/*
 * decode, encode and convert: what the three sub-commands share. They differ in defaults only.
 */
#ifndef TOOL_TRANSCODE_H
#define TOOL_TRANSCODE_H

#include <rethrift/codec.h>

#include "byte_sink.h"
#include "byte_source.h"
#include "command.h"

struct transcode {
    const char *command; /* "decode", for messages */
    const char *definition, *type, *input, *output;
    thrift_protocol from, to; /* 0: not said */
    enum bytes_form in_form, out_form;
    bool dump;           /* to text for people: there is no definition */
    bool stream;         /* value after value */
    bool framed;         /* with their sizes in 4 bytes before them */
    bool messages;       /* with envelopes */
    bool defaults;       /* of absent fields are written */
    bool parquet;        /* the footer of a Parquet file */
    const char *service; /* whose methods messages are of; NULL: any that has one */
    /* What is encoded goes into messages of this method; NULL: there are none. */
    const char *method;
    thrift_message_kind envelope;
    int32_t sequence_id; /* of the first */
    struct words include_dirs;
    struct words edits; /* PATH=VALUE */
    thrift_codec_options options;
    thrift_limits limits;
    thrift_schema *schema; /* NULL: none */
    const char *hint;      /* said behind what went wrong */
};

/* What the options say; an exit code. */
int transcode_run(struct transcode *t);

/* One value, which is all that is left of `input`. */
thrift_status transcode_value(const struct transcode *t, thrift_bytes input, thrift_buffer *out,
                              thrift_error *err);

/* The same with places changed; in the same protocol all the others are as they were. */
thrift_status transcode_edited(const struct transcode *t, thrift_bytes input, thrift_buffer *out,
                               thrift_error *err);
bool transcode_is_edit(const char *edit);

/* What comes one after the other. What was done before a failure is kept, and is written before
 * more input is waited for. */
thrift_status transcode_stream(struct transcode *t, struct byte_source *from, struct byte_sink *to,
                               thrift_error *err);
thrift_status transcode_messages(struct transcode *t, struct byte_source *from,
                                 struct byte_sink *to, thrift_error *err);
thrift_status transcode_envelopes(struct transcode *t, struct byte_source *from,
                                  struct byte_sink *to, thrift_error *err);
/* Text for people, of bytes without a definition. */
thrift_status transcode_dump(struct transcode *t, struct byte_source *from, struct byte_sink *to,
                             thrift_error *err);

/* The next of them: from the front of `*input`, which moves behind it, to the end of `out`. More is
 * read for E_TRUNCATED. */
typedef thrift_status (*transcode_next)(void *context, thrift_bytes *input, thrift_buffer *out,
                                        thrift_error *err);
struct transcode_each {
    const char *what; /* "message" */
    transcode_next next;
    void *context;
    bool text; /* JSON, whose ends are told without reading it */
};
thrift_status transcode_each(struct transcode *t, const struct transcode_each *each,
                             struct byte_source *from, struct byte_sink *to, thrift_error *err);
/* What a value of `size` bytes, or the next of a stream of them, may cost: the input is the user's
 * own. */
void transcode_allow(struct transcode *t, size_t size);

/* Of what is wholly there: more input would not help. */
thrift_status transcode_final(thrift_status status, thrift_error *err);
/* More input, when what was done is written. */
thrift_status transcode_more(struct byte_source *from, struct byte_sink *to, thrift_error *err);

/* Size in 4 bytes, contents. E_TRUNCATED: not all of it is there. */
#define FRAME_HEAD 4
thrift_status transcode_frame(thrift_bytes input, thrift_bytes *out, thrift_error *err);

/* "Users.getUser" into `out` for a message's name, which may be "Users:getUser". */
#define TRANSCODE_TYPE_SIZE 512
bool transcode_find_method(const struct transcode *t, thrift_bytes name,
                           char out[TRANSCODE_TYPE_SIZE]);
/* Where the body of an application error is defined; NULL: no memory. */
thrift_schema *transcode_error_schema(thrift_error *err);
#define TRANSCODE_ERROR_TYPE "ApplicationError"

/* Blanks around JSON belong to no value. */
thrift_bytes transcode_trimmed(thrift_protocol protocol, thrift_bytes input);
bool transcode_append(thrift_buffer *out, const void *more, size_t size, thrift_error *err);
thrift_status transcode_fail(thrift_error *err, thrift_status status, const char *format, ...)
    THRIFT_PRINTF(3, 4);

static inline bool is_json(thrift_protocol protocol)
{
    return protocol == THRIFT_TJSON || protocol == THRIFT_SIMPLE_JSON ||
           protocol == THRIFT_PLAIN_JSON;
}

#endif
