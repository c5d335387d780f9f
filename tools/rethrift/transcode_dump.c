/*
 * Bytes of which nothing is known, as text for people.
 */
#include "transcode.h"

static bool is_readable(thrift_protocol protocol, thrift_bytes input)
{
    thrift_error err = THRIFT_ERROR_INIT;
    FILE *nowhere = fopen("/dev/null", "w");
    bool done = nowhere != NULL && thrift_dump(protocol, input, nowhere, &err) == THRIFT_OK;

    if (nowhere != NULL) {
        fclose(nowhere);
    }
    return done;
}

/* The first protocol that reads all of it. */
static thrift_protocol guess(thrift_bytes input)
{
    thrift_bytes text = transcode_trimmed(THRIFT_TJSON, input);

    if (text.size > 0 && (text.data[0] == '{' || text.data[0] == '[')) {
        return THRIFT_TJSON;
    }
    return is_readable(THRIFT_BINARY, input) || !is_readable(THRIFT_COMPACT, input)
               ? THRIFT_BINARY
               : THRIFT_COMPACT;
}

static const char *const protocol_names[] = {
    [THRIFT_BINARY] = "binary", [THRIFT_COMPACT] = "compact", [THRIFT_TJSON] = "tjson"};
static const char *const kind_names[] = {[THRIFT_MESSAGE_CALL] = "call",
                                         [THRIFT_MESSAGE_REPLY] = "reply",
                                         [THRIFT_MESSAGE_EXCEPTION] = "exception",
                                         [THRIFT_MESSAGE_ONEWAY] = "oneway"};

/* Names come from peers. */
static void print_name(thrift_bytes name, FILE *to)
{
    for (size_t i = 0; i < name.size; i++) {
        fputc(name.data[i] >= ' ' && name.data[i] < 0x7f ? name.data[i] : '?', to);
    }
}

struct dumping {
    const struct transcode *t;
    const struct byte_source *from;
    FILE *to;
};

/* Of a message whose end is not there. `*input` moves to its head. */
static bool is_beginning(thrift_bytes *input, thrift_protocol *out)
{
    size_t head = input->size > FRAME_HEAD && input->data[0] < 0x80 ? FRAME_HEAD : 0;
    thrift_bytes rest;

    if (input->size < head + 2) {
        return false;
    }
    rest = (thrift_bytes){input->data + head, input->size - head};
    if (rest.data[0] != 0x80 && rest.data[0] != 0x82) {
        return false;
    }
    *input = rest;
    *out = rest.data[0] == 0x80 ? THRIFT_BINARY : THRIFT_COMPACT;
    return (rest.data[1] & (rest.data[0] == 0x80 ? 0xff : 0x1f)) == 1;
}

static void dump_beginning(thrift_bytes input, FILE *to)
{
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_protocol protocol;

    if (is_beginning(&input, &protocol)) {
        (void)thrift_dump(protocol, input, to, &err);
        fputc('\n', to);
    }
}

static thrift_status dump_message(void *context, thrift_bytes *input, thrift_buffer *out,
                                  thrift_error *err)
{
    struct dumping *dumping = context;
    thrift_bytes rest = *input;
    thrift_message message;
    thrift_status status = thrift_message_next(&rest, &message, &dumping->t->limits, err);

    (void)out;
    if (status == THRIFT_E_TRUNCATED && dumping->from->ended) {
        dump_beginning(*input, dumping->to);
    }
    if (status != THRIFT_OK) {
        return status;
    }
    fprintf(dumping->to, "%s \"", kind_names[message.kind]);
    print_name(message.name, dumping->to);
    fprintf(dumping->to, "\", sequence id %ld, %s\n", (long)message.sequence_id,
            protocol_names[message.protocol]);
    status = thrift_dump(message.protocol, message.body, dumping->to, err);
    if (status == THRIFT_OK) {
        *input = rest;
    }
    return transcode_final(status, err);
}

static thrift_status dump_frame(void *context, thrift_bytes *input, thrift_buffer *out,
                                thrift_error *err)
{
    struct dumping *dumping = context;
    thrift_protocol from = dumping->t->from;
    thrift_bytes frame;
    thrift_status status = transcode_frame(*input, &frame, err);

    (void)out;
    if (status != THRIFT_OK) {
        return status;
    }
    status = thrift_dump(from != 0 ? from : guess(frame), frame, dumping->to, err);
    if (status == THRIFT_OK) {
        size_t size = FRAME_HEAD + frame.size;

        *input = (thrift_bytes){input->data + size, input->size - size};
    }
    return transcode_final(status, err);
}

/* Reads until that can be told. */
static thrift_status begins_with_message(struct transcode *t, struct byte_source *from,
                                         bool *out_does, thrift_error *err)
{
    for (;;) {
        thrift_bytes view = byte_source_view(from), rest = view;
        thrift_error unread = THRIFT_ERROR_INIT;
        thrift_protocol protocol;
        thrift_message message;
        thrift_status status;

        transcode_allow(t, view.size);
        status = thrift_message_next(&rest, &message, &t->limits, &unread);
        *out_does =
            status == THRIFT_OK || (status == THRIFT_E_TRUNCATED && is_beginning(&view, &protocol));
        if (from->ended || (status != THRIFT_E_TRUNCATED && status != THRIFT_E_LIMIT)) {
            return THRIFT_OK;
        }
        if (!byte_source_more(from, err)) {
            return err->code;
        }
    }
}

static thrift_status dump_values(const struct transcode *t, struct byte_source *from, FILE *to,
                                 thrift_error *err)
{
    thrift_bytes view;

    if (!byte_source_all(from, err)) {
        return err->code;
    }
    view = byte_source_view(from);
    return thrift_dump(t->from != 0 ? t->from : guess(view), view, to, err);
}

thrift_status transcode_dump(struct transcode *t, struct byte_source *from, struct byte_sink *to,
                             thrift_error *err)
{
    bool messages = t->messages;
    thrift_status status = THRIFT_OK;

    if (!byte_sink_open(to)) {
        return byte_sink_fail(to, err);
    }
    if (!messages && t->from == 0) {
        status = begins_with_message(t, from, &messages, err);
    }
    if (status == THRIFT_OK && (messages || t->framed)) {
        struct dumping dumping = {t, from, to->to};
        struct transcode_each each = {messages ? "message" : "frame",
                                      messages ? dump_message : dump_frame, &dumping, false};

        return transcode_each(t, &each, from, to, err);
    }
    return status == THRIFT_OK ? dump_values(t, from, to->to, err) : status;
}
