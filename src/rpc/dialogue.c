/*
 * Requests out, replies in. Around plain messages there is nothing; a compressed stream is wrapped
 * here.
 */
#include "rpc/dialogue.h"

#include "base/alloc.h"
#include "base/buffer.h"
#include "base/error.h"
#include "base/text.h"
#include "wire/zlib_stream.h"

#define INFLATED_SIZE ((size_t)16 * 1024)

static bool is_wrapped(const struct dialogue *dialogue)
{
    return dialogue->destination->carriage != CARRIAGE_STREAM &&
           dialogue->destination->carriage != CARRIAGE_DATAGRAMS;
}

static thrift_status init_zlib(struct dialogue *dialogue, thrift_error *err)
{
    const thrift_allocator *allocator = &dialogue->shared.allocator;

    if (!zlib_built()) {
        return FAIL(err, THRIFT_E_ARGUMENT, "this build has no zlib");
    }
    dialogue->inflater = zlib_reader_new(allocator);
    dialogue->deflater = zlib_writer_new(allocator);
    dialogue->inflated = mem_alloc(allocator, INFLATED_SIZE);
    return dialogue->inflater != NULL && dialogue->deflater != NULL && dialogue->inflated != NULL
               ? THRIFT_OK
               : FAIL_NOMEM(err);
}

thrift_status dialogue_init(struct dialogue *dialogue, const struct destination *destination,
                            const thrift_limits *limits, const thrift_allocator *allocator,
                            thrift_error *err)
{
    const unsigned protocols = 1u << THRIFT_BINARY | 1u << THRIFT_COMPACT | 1u << THRIFT_TJSON;

    *dialogue = (struct dialogue){.destination = destination};
    inbound_shared_init(&dialogue->shared, limits, protocols, allocator);
    inbound_init(&dialogue->in, &dialogue->shared);
    dialogue->scratch.allocator = *allocator;
    if (destination->form.zlib && !zlib_built()) {
        return FAIL(err, THRIFT_E_ARGUMENT, "this build has no zlib");
    }
    if (destination->carriage > CARRIAGE_ZLIB) {
        return FAIL(err, THRIFT_E_ARGUMENT, "a client does not speak this transport yet");
    }
    return destination->carriage == CARRIAGE_ZLIB ? init_zlib(dialogue, err) : THRIFT_OK;
}

void dialogue_deinit(struct dialogue *dialogue)
{
    if (dialogue->destination == NULL) {
        return;
    }
    zlib_reader_free(dialogue->inflater);
    zlib_writer_free(dialogue->deflater);
    mem_free(&dialogue->shared.allocator, dialogue->inflated, INFLATED_SIZE);
    thrift_buffer_deinit(&dialogue->scratch);
    inbound_deinit(&dialogue->in);
    inbound_shared_deinit(&dialogue->shared);
    dialogue->destination = NULL;
}

/* ---- requests ---- */

thrift_status dialogue_begin(struct dialogue *dialogue, struct dialogue_request *request,
                             const struct message_header *header, thrift_buffer *out,
                             thrift_error *err)
{
    struct message_form form = dialogue->destination->form;

    form.sequence_id = header->sequence_id;
    request->out = out;
    dialogue->scratch.size = 0;
    return outbound_begin(
        &request->message, is_wrapped(dialogue) ? &dialogue->scratch : out, &form, header,
        form.header ? destination_headers(dialogue->destination) : (thrift_bytes){NULL, 0}, err);
}

static thrift_status wrap(struct dialogue *dialogue, thrift_buffer *out, thrift_error *err)
{
    return zlib_write(dialogue->deflater, buffer_bytes(&dialogue->scratch), out) ? THRIFT_OK
                                                                                 : FAIL_NOMEM(err);
}

thrift_status dialogue_end(struct dialogue *dialogue, struct dialogue_request *request, size_t most,
                           thrift_error *err)
{
    thrift_status status = outbound_end(&request->message, most, err);

    return status == THRIFT_OK && is_wrapped(dialogue) ? wrap(dialogue, request->out, err) : status;
}

void dialogue_cancel(struct dialogue_request *request) { outbound_cancel(&request->message); }

/* ---- replies ---- */

thrift_status dialogue_feed(struct dialogue *dialogue, thrift_bytes bytes, thrift_error *err)
{
    if (is_wrapped(dialogue)) {
        dialogue->rest = bytes;
        return inbound_feed(&dialogue->in, (thrift_bytes){NULL, 0}, err);
    }
    return inbound_feed(&dialogue->in, bytes, err);
}

thrift_status dialogue_keep(struct dialogue *dialogue, thrift_error *err)
{
    return inbound_keep(&dialogue->in, err);
}

/* The next part of a compressed stream. false: nothing more is there, or `err`. */
static bool inflate_some(struct dialogue *dialogue, thrift_error *err)
{
    size_t size = 0;

    if (inbound_keep(&dialogue->in, err) != THRIFT_OK) {
        return false;
    }
    if (dialogue->rest.size > 0 && zlib_read(dialogue->inflater, &dialogue->rest,
                                             dialogue->inflated, INFLATED_SIZE, &size) != WIRE_OK) {
        (void)FAIL(err, THRIFT_E_PROTOCOL, "the peer's answer is not a zlib stream");
        return false;
    }
    return inbound_feed(&dialogue->in, (thrift_bytes){dialogue->inflated, size}, err) ==
               THRIFT_OK &&
           size > 0;
}

static enum dialogue_event check_form(const struct dialogue *dialogue,
                                      const struct inbound_message *message, thrift_error *err)
{
    const struct message_form *asked = &dialogue->destination->form, *got = &message->form;
    const struct detection kind = {.kind = got->header ? DETECT_HEADER : DETECT_MESSAGE,
                                   .framed = got->framed,
                                   .protocol = got->protocol};

    if (message->refused != APPLICATION_UNKNOWN) {
        (void)FAIL(err, THRIFT_E_PROTOCOL, "the peer answers in a THeader frame with %s %u",
                   message->refused == APPLICATION_INVALID_TRANSFORM ? "transform" : "protocol",
                   (unsigned)message->refused_id);
        return DIALOGUE_BROKEN;
    }
    /* In a THeader frame the reply says itself what it is. */
    if (got->header == asked->header && got->framed == asked->framed &&
        (got->header || got->protocol == asked->protocol)) {
        return DIALOGUE_REPLY;
    }
    (void)FAIL(err, THRIFT_E_PROTOCOL, "the peer answers in another way than it is asked: %s",
               detection_name(&kind));
    return DIALOGUE_BROKEN;
}

enum dialogue_event dialogue_next(struct dialogue *dialogue, struct inbound_message *out,
                                  thrift_error *err)
{
    for (;;) {
        thrift_error own = THRIFT_ERROR_INIT;
        enum inbound_result result = inbound_next(&dialogue->in, out, err);

        if (result == INBOUND_MESSAGE) {
            return check_form(dialogue, out, err);
        }
        if (result == INBOUND_BROKEN) {
            return DIALOGUE_BROKEN;
        }
        if (!is_wrapped(dialogue)) {
            return DIALOGUE_MORE;
        }
        if (!inflate_some(dialogue, &own)) {
            if (own.code != THRIFT_OK) {
                *err = own;
                return DIALOGUE_BROKEN;
            }
            return DIALOGUE_MORE;
        }
    }
}
