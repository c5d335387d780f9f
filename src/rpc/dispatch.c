/*
 * One call: envelope, look-up, arguments, handler, answer.
 *
 * Texts for the peer say what it did wrong; what went wrong on this side goes to the log alone.
 */
#include "rpc/dispatch.h"

#include <string.h>

#include "base/buffer.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/integer.h"
#include "base/text.h"
#include "codec/codec.h"
#include "transport/outbound.h"
#include "value/record.h"

#define TEXT_SIZE 1024
#define NS_PER_MS 1000000u

/* A request on its way through. */
struct request {
    struct dispatcher *dispatcher;
    const struct inbound_message *message;
    const struct peer *peer;
    thrift_buffer *out;
    struct message_header header;
    thrift_bytes body;      /* behind the header */
    thrift_bytes bare_name; /* without "Service:" */
    bool silent;            /* oneway: never a byte */
    bool again;             /* it has the dispatcher's last head */
};

void dispatcher_init(struct dispatcher *dispatcher, struct generation *generation,
                     const struct codec_policy *policy, const struct log *log)
{
    generation_ref(generation);
    *dispatcher = (struct dispatcher){.generation = generation, .policy = policy, .log = log};
    call_init(&dispatcher->call, generation);
}

void dispatcher_deinit(struct dispatcher *dispatcher)
{
    call_deinit(&dispatcher->call);
    generation_unref(dispatcher->generation);
}

void dispatcher_use(struct dispatcher *dispatcher, struct generation *generation)
{
    generation_ref(generation);
    root_use_schema(&dispatcher->call.root, generation->schema);
    generation_unref(dispatcher->generation);
    dispatcher->generation = generation;
    dispatcher->last = NULL;
    dispatcher->last_head.size = 0;
}

/* ---- answers ---- */

static void log_call(const struct request *request, enum log_level level, const char *event,
                     const char *what)
{
    const struct log *log = request->dispatcher->log;
    char peer[ADDRESS_TEXT_SIZE], name[TEXT_QUOTED_SIZE];

    if (log->write != NULL) {
        log_write(log, level, event, "%s from %s: %s",
                  text_quote(request->header.name.data, request->header.name.size, name),
                  request->peer->print(request->peer->data, peer), what);
    }
}

static bool begin_reply(const struct request *request, thrift_message_kind kind,
                        struct outbound *reply, thrift_error *err)
{
    const struct message_form *form = &request->message->form;

    if (request->again && !form->header) {
        return outbound_begin_again(reply, request->out, form, &request->dispatcher->last_head,
                                    kind, request->header.sequence_id) ||
               FAIL_NOMEM(err) == THRIFT_OK;
    }

    const struct message_header header = {
        .kind = (uint8_t)kind,
        .old = request->header.old,
        .sequence_id = request->header.sequence_id,
        .name = request->bare_name,
    };

    return outbound_begin(reply, request->out, form, &header,
                          buffer_bytes(&request->dispatcher->call.reply_headers), err) == THRIFT_OK;
}

/* false: not even that could be said. */
static bool answer_error(const struct request *request, enum application_code code,
                         const char *text)
{
    const struct application_error error = {(int32_t)code, {(const uint8_t *)text, strlen(text)}};
    struct outbound reply;
    thrift_error err = THRIFT_ERROR_INIT;

    if (request->silent) {
        return true;
    }
    if (!begin_reply(request, THRIFT_MESSAGE_EXCEPTION, &reply, &err)) {
        log_call(request, LOG_ERROR, "reply-lost", err.message);
        return false;
    }
    if (application_error_write(request->message->form.protocol, &error, request->out, &err) !=
        THRIFT_OK) {
        outbound_cancel(&reply);
        log_call(request, LOG_ERROR, "reply-lost", err.message);
        return false;
    }
    if (outbound_end(&reply, SIZE_MAX, &err) != THRIFT_OK) {
        log_call(request, LOG_ERROR, "reply-lost", err.message);
        return false;
    }
    return true;
}

/* "users[3].email: a size is negative", or the message alone. */
static const char *describe(const thrift_error *err, char out[TEXT_SIZE])
{
    (void)snprintf(out, TEXT_SIZE, "%s%s%s", err->source, err->source[0] != '\0' ? ": " : "",
                   err->message);
    return out;
}

/* What went wrong is nobody's business but ours. */
static bool answer_internal(const struct request *request, const thrift_error *err)
{
    char text[TEXT_SIZE];

    log_call(request, LOG_ERROR, "handler-failed", describe(err, text));
    return answer_error(request, APPLICATION_INTERNAL_ERROR, "Internal error");
}

static bool answer_malformed(const struct request *request, const thrift_error *err)
{
    char text[TEXT_SIZE];

    log_call(request, LOG_NOTICE, "arguments-malformed", describe(err, text));
    return answer_error(request, APPLICATION_PROTOCOL_ERROR, text);
}

static thrift_status append_raw(thrift_bytes bytes, thrift_buffer *out, thrift_error *err)
{
    return buffer_append(out, bytes.data, bytes.size) ? THRIFT_OK : FAIL_NOMEM(err);
}

static thrift_status write_result(const struct request *request, thrift_error *err)
{
    const thrift_call *call = &request->dispatcher->call;
    const struct endpoint *endpoint = call->endpoint;
    struct outbound reply;
    thrift_status status;

    if (!begin_reply(request, THRIFT_MESSAGE_REPLY, &reply, err)) {
        return err->code;
    }
    if (call->answer == CALL_RAW) {
        status = append_raw(call->raw, request->out, err);
    } else if (call->answer == CALL_NATIVE) {
        status = native_encode(endpoint->native->result, request->message->form.protocol,
                               call->block + endpoint->native->result_offset,
                               request->dispatcher->policy, request->out, err);
    } else {
        status = codec_encode(endpoint->result, request->message->form.protocol,
                              call->result != NULL ? call->result
                                                   : endpoint->result_layout->shared_empty,
                              request->dispatcher->policy, request->out, err);
    }
    if (status != THRIFT_OK) {
        outbound_cancel(&reply);
        return status;
    }
    return outbound_end(&reply, request->dispatcher->policy->limits->max_frame_size, err);
}

/* Exactly one of success and exceptions, or none for a void method. */
static bool has_result(const thrift_call *call)
{
    const struct layout *layout = call->endpoint->result_layout;

    for (uint32_t i = 0; call->result != NULL && i < layout->field_count; i++) {
        if (record_has(call->result, &layout->fields[i])) {
            return true;
        }
    }
    return call->endpoint->success == NULL;
}

/* What the handler left behind becomes a reply. */
static bool answer(const struct request *request, thrift_status status)
{
    const thrift_call *call = &request->dispatcher->call;
    thrift_error err;

    err.code = THRIFT_OK; /* the rest is written by whoever fails */
    if (call->answer == CALL_FAILED) {
        log_call(request, LOG_INFO, "call-refused", call->failure);
        return answer_error(request, APPLICATION_INTERNAL_ERROR, call->failure);
    }
    if (status == THRIFT_OK) {
        status = root_first_mistake(&call->root, &err);
    } else if (root_first_mistake(&call->root, &err) == THRIFT_OK) {
        (void)FAIL(&err, status, "the handler returned %s", thrift_status_name(status));
    }
    if (status == THRIFT_OK && call->answer == CALL_RESULT &&
        (call->endpoint->method == NULL || !has_result(call))) {
        status = FAIL(&err, THRIFT_E_REQUIRED, "the handler gave no result");
    }
    if (request->silent) {
        if (status != THRIFT_OK) {
            (void)answer_internal(request, &err); /* to the log alone */
        }
        return true;
    }
    if (status == THRIFT_OK) {
        status = write_result(request, &err);
    }
    return status == THRIFT_OK || answer_internal(request, &err);
}

/* ---- calls ---- */

static thrift_status check_end(const struct request *request, thrift_bytes rest, thrift_error *err)
{
    thrift_protocol protocol = request->message->form.protocol;
    thrift_status status;

    if (rest.size == 0 && (protocol == THRIFT_BINARY || protocol == THRIFT_COMPACT)) {
        return THRIFT_OK;
    }
    status = message_read_end(protocol, &rest, err);
    if (status == THRIFT_OK && rest.size > 0 && !request->dispatcher->policy->accept_trailing) {
        status = FAIL(err, THRIFT_E_TRAILING, "%zu bytes behind the arguments", rest.size);
    }
    return status;
}

static thrift_status decode_arguments(const struct request *request, const struct plan *plan,
                                      thrift_record **out, thrift_error *err)
{
    struct dispatcher *dispatcher = request->dispatcher;
    struct arena *arena = &dispatcher->call.root.arena;
    thrift_bytes rest = request->body;
    thrift_status status;

    arena->budget = dispatcher->policy->limits->max_message_memory;
    status = codec_decode(plan, request->message->form.protocol, &rest, dispatcher->policy,
                          &dispatcher->call.root, out, err);
    arena->budget = SIZE_MAX;
    return status == THRIFT_OK ? check_end(request, rest, err) : status;
}

/* The same into the block that a native handler's parameters stand in. */
static thrift_status decode_native(const struct request *request, const struct endpoint *endpoint,
                                   thrift_error *err)
{
    const struct native_method *method = endpoint->native;
    struct dispatcher *dispatcher = request->dispatcher;
    struct arena *arena = &dispatcher->call.root.arena;
    thrift_bytes rest = request->body;
    thrift_status status;
    uint8_t *block = arena_alloc_aligned(arena, method->block_size, NATIVE_SLOT_SIZE);

    if (block == NULL) {
        return arena_fail(arena, err);
    }
    memset(block, 0, method->block_size);
    native_method_point(method, block);
    dispatcher->call.block = block;
    arena->budget = dispatcher->policy->limits->max_message_memory;
    status = native_decode(method->arguments, request->message->form.protocol, &rest,
                           dispatcher->policy, &dispatcher->call.root, block, err);
    arena->budget = SIZE_MAX;
    return status == THRIFT_OK ? check_end(request, rest, err) : status;
}

/* The result is in the block, unless the handler gave another answer. */
static thrift_status run_native(thrift_call *call)
{
    const struct native_method *method = call->endpoint->native;
    thrift_status status = method->invoke(method, call, call->block);

    if (status == THRIFT_OK && call->answer == CALL_RESULT && call->result == NULL) {
        call->answer = CALL_NATIVE;
    }
    return status;
}

static thrift_status call_handler(const struct request *request, const thrift_record *arguments)
{
    thrift_call *call = &request->dispatcher->call;
    const struct handler *handler = &call->endpoint->handler;

    if (handler->kind == HANDLER_NATIVE) {
        return run_native(call);
    }
    return handler->kind == HANDLER_RAW ? handler->run.raw(call, request->body, handler->context)
                                        : handler->run.dynamic(call, arguments, handler->context);
}

static bool is_late(const thrift_call *call)
{
    return call->deadline_ns != 0 && clock_now_ns() >= call->deadline_ns;
}

/* Nobody waits for the answer any more. */
static thrift_status fail_late(thrift_call *call)
{
    call->failure = "deadline exceeded";
    call->answer = CALL_FAILED;
    return THRIFT_E_DEADLINE;
}

static thrift_status run_handler(const struct request *request, const thrift_record *arguments)
{
    thrift_call *call = &request->dispatcher->call;
    thrift_status status;

    if (is_late(call)) {
        return fail_late(call);
    }
    status = call_handler(request, arguments);
    return is_late(call) ? fail_late(call) : status;
}

/* Interceptors before, in order; the handler; interceptors after, in reverse. */
static thrift_status run_intercepted(const struct request *request, const thrift_record *arguments)
{
    thrift_call *call = &request->dispatcher->call;
    const struct endpoint *endpoint = call->endpoint;
    thrift_status status = THRIFT_OK;
    uint64_t begin = clock_now_ns();
    size_t entered = 0;

    while (entered < endpoint->interceptor_count && status == THRIFT_OK && call->result == NULL) {
        const struct interceptor *at = &endpoint->interceptors[entered++];

        status = at->before != NULL ? at->before(call, at->context) : THRIFT_OK;
    }
    /* A thrown exception is an answer, too: the handler has nothing to add. */
    if (status == THRIFT_OK && call->result == NULL && call->answer == CALL_RESULT) {
        status = run_handler(request, arguments);
    }
    while (entered > 0) {
        const struct interceptor *at = &endpoint->interceptors[--entered];

        if (at->after != NULL) {
            at->after(call, status, clock_now_ns() - begin, at->context);
        }
    }
    return status;
}

/* What the caller said that it waits, in milliseconds; 0: nothing that can be understood. */
static uint64_t told_timeout(const thrift_call *call)
{
    thrift_bytes value;
    const uint8_t *at;
    int64_t timeout_ms = 0;

    if (!headers_find(call->headers, "client_timeout", &value)) {
        return 0;
    }
    at = value.data;
    return integer_read_i64(&at, value.data + value.size, &timeout_ms) == INTEGER_OK &&
                   at == value.data + value.size && timeout_ms > 0 && timeout_ms <= UINT32_MAX
               ? (uint64_t)timeout_ms
               : 0;
}

static void set_deadline(const struct dispatcher *dispatcher, thrift_call *call)
{
    uint64_t timeout_ms = dispatcher->call_timeout_ms;
    uint64_t told_ms = call->headers.size > 0 ? told_timeout(call) : 0;

    if (told_ms > 0 && (timeout_ms == 0 || told_ms < timeout_ms)) {
        timeout_ms = told_ms;
    }
    if (timeout_ms > 0) {
        uint64_t from = dispatcher->arrived_ns != 0 ? dispatcher->arrived_ns : clock_now_ns();

        call->deadline_ns = from + timeout_ms * NS_PER_MS;
    }
}

static bool run_call(const struct request *request, const struct endpoint *endpoint)
{
    thrift_record *arguments = NULL;
    thrift_error err;
    thrift_status status = THRIFT_OK;

    set_deadline(request->dispatcher, &request->dispatcher->call);
    err.code = THRIFT_OK; /* the rest is written by whoever fails */
    if (endpoint->handler.kind == HANDLER_DYNAMIC) {
        status = decode_arguments(request, endpoint->arguments, &arguments, &err);
    } else if (endpoint->handler.kind == HANDLER_NATIVE) {
        status = decode_native(request, endpoint, &err);
    }
    if (status == THRIFT_E_NOMEM) {
        return answer_internal(request, &err);
    }
    if (status != THRIFT_OK) {
        return answer_malformed(request, &err);
    }
    status = endpoint->interceptor_count == 0 ? run_handler(request, arguments)
                                              : run_intercepted(request, arguments);
    return answer(request, status);
}

/* The text of a name that the definition does not have, in the call's memory. */
static const char *name_unknown(thrift_call *call, thrift_bytes name)
{
    char quoted[TEXT_QUOTED_SIZE];
    const char *text = text_quote(name.data, name.size, quoted);
    const char *kept = thrift_call_strdup(call, text);

    return kept != NULL ? kept : "";
}

static bool answer_unknown(const struct request *request, const struct served_service *service)
{
    const struct generation *generation = request->dispatcher->generation;
    char text[TEXT_SIZE], name[TEXT_QUOTED_SIZE];

    (void)text_quote(request->header.name.data, request->header.name.size, name);
    if (service != NULL) {
        (void)snprintf(text, sizeof text, "unknown method %s; %s has: %s", name,
                       service->service->node.name, service->methods);
    } else if (request->bare_name.size < request->header.name.size) {
        (void)snprintf(text, sizeof text, "unknown service in %s; there are: %s", name,
                       generation->service_names);
    } else if (generation->service_count > 0) {
        (void)snprintf(text, sizeof text,
                       "unknown method %s: several services are served, write Service:method; "
                       "there are: %s",
                       name, generation->service_names);
    } else {
        (void)snprintf(text, sizeof text, "unknown method %s; no service is served", name);
    }
    log_call(request, LOG_NOTICE, "method-unknown", text);
    return answer_error(request, APPLICATION_UNKNOWN_METHOD, text);
}

static void end_call(struct dispatcher *dispatcher)
{
    const thrift_buffer *headers = &dispatcher->call.reply_headers;

    if (dispatcher->carried != NULL &&
        !buffer_append(dispatcher->carried, headers->data, headers->size)) {
        dispatcher->carried->size = 0; /* no memory: an answer without them is still one */
    }
    call_end(&dispatcher->call);
}

/* The definition does not have the method: a raw wildcard takes it, or nobody. */
static bool call_unknown(struct request *request, const struct served_service *service)
{
    struct dispatcher *dispatcher = request->dispatcher;
    const struct endpoint *rest = service != NULL ? &service->rest : &dispatcher->generation->rest;
    bool lives;

    request->silent = request->header.kind == THRIFT_MESSAGE_ONEWAY;
    if (rest->handler.kind == HANDLER_NONE) {
        return answer_unknown(request, service);
    }
    call_begin(&dispatcher->call, dispatcher->generation, rest, request->message, request->peer);
    dispatcher->call.name = name_unknown(&dispatcher->call, request->header.name);
    lives = run_call(request, rest);
    end_call(dispatcher);
    return lives;
}

static bool call_known(struct request *request, const struct endpoint *endpoint)
{
    struct dispatcher *dispatcher = request->dispatcher;
    char text[TEXT_SIZE];
    bool lives;

    request->silent = endpoint->method->oneway;
    if (endpoint->handler.kind == HANDLER_NONE) {
        (void)snprintf(text, sizeof text, "%s is not implemented", endpoint->name);
        log_call(request, LOG_WARNING, "method-unhandled", text);
        return answer_error(request, APPLICATION_INTERNAL_ERROR, text);
    }
    call_begin(&dispatcher->call, dispatcher->generation, endpoint, request->message,
               request->peer);
    lives = run_call(request, endpoint);
    end_call(dispatcher);
    return lives;
}

/* A THeader frame that is intact, but not spoken here. It is not known to whom the answer goes. */
static void answer_refused(struct request *request)
{
    const struct inbound_message *message = request->message;
    char text[TEXT_SIZE];

    if (message->refused == APPLICATION_INVALID_PROTOCOL) {
        (void)snprintf(text, sizeof text, "THeader's protocol %u is not accepted here",
                       (unsigned)message->refused_id);
    } else {
        (void)snprintf(text, sizeof text,
                       "THeader's transforms cannot be undone (the first is %u); zlib, once, is "
                       "accepted",
                       (unsigned)message->refused_id);
    }
    log_call(request, LOG_WARNING, "message-unreadable", text);
    (void)answer_error(request, message->refused, text);
}

/* The method that a message names. When it is named bare (which service a prefix means is not in
 * the endpoint), the next message is compared with this one first. */
static const struct endpoint *find_endpoint(struct request *request,
                                            const struct served_service **out_service)
{
    struct dispatcher *dispatcher = request->dispatcher;
    const struct endpoint *last = dispatcher->last;
    const thrift_bytes name = request->header.name;

    if (last == NULL || name.size != last->method_size ||
        memcmp(name.data, last->method->node.name, name.size) != 0) {
        last = generation_find(dispatcher->generation, name, out_service, &request->bare_name);
        dispatcher->last = last != NULL && name.size == last->method_size ? last : NULL;
    }
    dispatcher->last_head.size = 0;
    if (dispatcher->last != NULL) {
        message_head_keep(&dispatcher->last_head, request->message->form.protocol,
                          request->message->bytes, &request->header);
    }
    return last;
}

/* Envelope and method of a message that is no repetition. false: it is answered, or cannot be;
 * the connection ends. */
static bool read_head(struct request *request, const struct endpoint **out_endpoint,
                      const struct served_service **out_service)
{
    struct dispatcher *dispatcher = request->dispatcher;
    thrift_error err;

    err.code = THRIFT_OK; /* the rest is written by whoever fails */
    if (message_read_begin(request->message->form.protocol, &request->body,
                           dispatcher->policy->limits, &request->header, &err) != THRIFT_OK) {
        log_call(request, LOG_WARNING, "message-unreadable", err.message);
        return false;
    }
    request->bare_name = request->header.name;
    if (request->header.kind != THRIFT_MESSAGE_CALL &&
        request->header.kind != THRIFT_MESSAGE_ONEWAY) {
        log_call(request, LOG_WARNING, "message-unexpected", "neither a call nor oneway");
        (void)answer_error(request, APPLICATION_INVALID_MESSAGE_TYPE,
                           "a server takes calls, not replies");
        return false;
    }
    *out_endpoint = find_endpoint(request, out_service);
    return true;
}

bool dispatch(struct dispatcher *dispatcher, const struct inbound_message *message,
              const struct peer *peer, thrift_buffer *out)
{
    struct request request = {dispatcher, message, peer, out, .body = message->bytes};
    const struct served_service *service = NULL;
    const struct endpoint *endpoint = dispatcher->last;

    if (message->refused != APPLICATION_UNKNOWN) {
        answer_refused(&request);
        return false;
    }
    request.again = message->form.protocol == THRIFT_BINARY &&
                    message_head_read(&dispatcher->last_head, &request.body, &request.header);
    if (request.again) {
        request.bare_name = request.header.name;
    } else if (!read_head(&request, &endpoint, &service)) {
        return false;
    }
    if (dispatcher->refusing) {
        request.silent = endpoint != NULL ? endpoint->method->oneway
                                          : request.header.kind == THRIFT_MESSAGE_ONEWAY;
        return answer_error(&request, APPLICATION_INTERNAL_ERROR, "shutting down");
    }
    return endpoint != NULL ? call_known(&request, endpoint) : call_unknown(&request, service);
}
