/*
 * The server's side of HTTP: a message in the body of each POST, on any path.
 *
 * What is refused is refused with a status and a sentence. Pages of other sites cannot make a
 * browser call (see origins.h), and of the content types that forms have none is accepted either.
 */
#include <string.h>

#include "base/alloc.h"
#include "base/buffer.h"
#include "base/error.h"
#include "rpc/carrier.h"
#include "rpc/origins.h"
#include "transport/http_write.h"
#include "transport/websocket.h"

#define FRAME_HEAD_SIZE 4u

struct refusal {
    unsigned status; /* 0: none */
    const char *text;
};

struct http_carrier {
    struct carrier carrier;
    struct http_reader *reader;
    struct refusal refusal;     /* of the request under way: said when its body is there */
    enum origin_verdict origin; /* of the same */
    bool last;                  /* the server ends, and no further request is here */
};

static struct http_carrier *of(struct carrier *carrier)
{
    return (struct http_carrier *)(void *)carrier;
}

/* ---- answers ---- */

/* A browser asks before it sends what a form could not. */
static bool is_preflight(const struct http_head *head)
{
    thrift_bytes method;

    return head->method_name != NULL && strcmp(head->method_name, "OPTIONS") == 0 &&
           headers_find(head->headers, "origin", &method) &&
           headers_find(head->headers, "access-control-request-method", &method);
}

/* The same with the lines that a listed page's browser wants to see. */
static bool respond_to_page(const struct http_head *head, thrift_buffer *out, size_t begin,
                            struct http_response *response)
{
    thrift_buffer lines = {.allocator = out->allocator};
    bool written = buffer_append(&lines, response->headers.data, response->headers.size) &&
                   origins_permit(head->headers, is_preflight(head), &lines);

    response->headers = buffer_bytes(&lines);
    written = written && http_write_response(out, begin, response);
    thrift_buffer_deinit(&lines);
    return written;
}

static bool respond(struct http_carrier *http, thrift_buffer *out, size_t begin,
                    struct http_response *response)
{
    const struct http_head *head = http_head_of(http->reader);

    response->closes |= !head->keeps_alive || http->last;
    response->old = head->old;
    return http->origin == ORIGIN_LISTED ? respond_to_page(head, out, begin, response)
                                         : http_write_response(out, begin, response);
}

static enum session_verdict after(bool written, bool closes)
{
    return written && !closes ? SESSION_OPEN : SESSION_CLOSE;
}

static void log_refusal(const struct session *session, unsigned status, const char *text)
{
    const struct log *log = session->dispatcher->log;
    char peer[ADDRESS_TEXT_SIZE];

    if (log->write != NULL) {
        log_write(log, LOG_NOTICE, "http-refused", "%s: %u, %s", session->print_peer(session, peer),
                  status, text);
    }
}

static enum session_verdict refuse(struct session *session, unsigned status, const char *text,
                                   bool closes, thrift_buffer *out)
{
    struct http_carrier *http = of(session->carrier);
    const struct http_head *head = http_head_of(http->reader);
    static const uint8_t allow[] = "\5Allow\4POST";
    static const uint8_t version[] = "\25Sec-WebSocket-Version\2"
                                     "13";
    struct http_response response = {
        .status = status, .content_type = "text/plain; charset=utf-8", .closes = closes};
    size_t begin = out->size;
    bool written = true;

    log_refusal(session, status, text);
    if (head->method_name == NULL || strcmp(head->method_name, "HEAD") != 0) {
        written = buffer_append(out, text, strlen(text)) && buffer_append(out, "\n", 1);
    }
    if (status == 405 || status == 426) {
        response.headers = status == 405 ? (thrift_bytes){allow, sizeof allow - 1}
                                         : (thrift_bytes){version, sizeof version - 1};
    }
    written = written && respond(http, out, begin, &response);
    return after(written, response.closes);
}

/* Apache's C++ client before 0.24 does not read the response to a oneway call: it would take it for
 * that to the next (THRIFT-6021). Its own server sends none. */
static bool reads_no_oneway_response(const struct http_head *head)
{
    static const char begin[] = "Thrift/0.", end[] = ".0 (C++/THttpClient)";
    const size_t fixed = sizeof begin - 1 + sizeof end - 1;
    thrift_bytes agent;

    return headers_find(head->headers, "user-agent", &agent) && agent.size > fixed &&
           agent.size <= fixed + 2 && memcmp(agent.data, begin, sizeof begin - 1) == 0 &&
           memcmp(agent.data + agent.size - (sizeof end - 1), end, sizeof end - 1) == 0 &&
           (agent.size == fixed + 1 || memcmp(agent.data + sizeof begin - 1, "24", 2) < 0);
}

static enum session_verdict answer(struct session *session, thrift_buffer *out)
{
    struct http_carrier *http = of(session->carrier);
    struct dispatcher *dispatcher = session->dispatcher;
    thrift_buffer headers = {.allocator = session->in.shared->allocator};
    struct http_response response = {.status = 200};
    struct inbound_message message;
    thrift_error err = THRIFT_ERROR_INIT;
    size_t begin = out->size;
    bool written;

    if (inbound_whole(session->in.shared, http_body_of(http->reader), &message, &err) !=
        INBOUND_MESSAGE) {
        return refuse(session, 400, err.message, false, out);
    }
    if (!message.form.header) {
        message.headers = http_head_of(http->reader)->headers;
    }
    dispatcher->carried = &headers;
    response.closes = !session_dispatch(session, &message, out);
    dispatcher->carried = NULL;
    if (response.closes && out->size == begin) {
        return refuse(session, 400, "the body is no Thrift message", true, out);
    }
    if (out->size == begin && reads_no_oneway_response(http_head_of(http->reader))) {
        thrift_buffer_deinit(&headers);
        return SESSION_OPEN;
    }
    response.headers = buffer_bytes(&headers);
    written = respond(http, out, begin, &response);
    thrift_buffer_deinit(&headers);
    return after(written, response.closes);
}

static enum session_verdict answer_preflight(struct session *session, thrift_buffer *out)
{
    struct http_response response = {.status = 200};
    bool written = respond(of(session->carrier), out, out->size, &response);

    return after(written, response.closes);
}

/* ---- requests ---- */

static bool begins_with(thrift_bytes value, const char *text)
{
    size_t size = strlen(text);

    return value.size >= size && header_name_equal((thrift_bytes){value.data, size}, text) &&
           (value.size == size || value.data[size] == ';' || value.data[size] == ' ' ||
            value.data[size] == '.' || value.data[size] == '+');
}

static bool is_thrift_type(thrift_bytes type)
{
    static const char *const types[] = {HTTP_THRIFT, "application/vnd.apache.thrift",
                                        "application/json", "application/octet-stream"};

    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        if (begins_with(type, types[i])) {
            return true;
        }
    }
    return false;
}

static unsigned count_hosts(thrift_bytes headers)
{
    struct header header;
    unsigned count = 0;

    while (headers_next(&headers, &header)) {
        count += header_name_equal(header.name, "host");
    }
    return count;
}

static bool has_value(thrift_bytes headers, const char *name, const char *value)
{
    thrift_bytes found;

    return headers_find(headers, name, &found) && header_name_equal(found, value);
}

static bool asks_for_websocket(const struct session *session, const struct http_head *head)
{
    return head->upgrades && head->method == HTTP_METHOD_GET &&
           (session->in.shared->wires & 1u << THRIFT_WIRE_WEBSOCKET) != 0 &&
           has_value(head->headers, "upgrade", "websocket");
}

static const struct refusal other_site = {
    403, "pages of another site may not call; the server's option \"origins\" allows some"};

static struct refusal judge_upgrade(const struct http_head *head, enum origin_verdict origin)
{
    char accept[WEBSOCKET_ACCEPT_SIZE + 1];
    thrift_bytes key;

    if (!has_value(head->headers, "sec-websocket-version", "13")) {
        return (struct refusal){426, "WebSocket's version is 13"};
    }
    if (!headers_find(head->headers, "sec-websocket-key", &key) || !websocket_accept(key, accept)) {
        return (struct refusal){400, "Sec-WebSocket-Key is no key"};
    }
    return origin == ORIGIN_REFUSED ? other_site : (struct refusal){0, NULL};
}

static enum session_verdict upgrade(struct session *session, thrift_buffer *out)
{
    static const char head[] = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                               "Connection: Upgrade\r\nSec-WebSocket-Accept: ";
    struct http_carrier *http = of(session->carrier);
    char accept[WEBSOCKET_ACCEPT_SIZE + 1];
    thrift_bytes key = {NULL, 0};
    struct carrier *socket = websocket_carrier_new(session);

    (void)headers_find(http_head_of(http->reader)->headers, "sec-websocket-key", &key);
    if (socket == NULL || !websocket_accept(key, accept) ||
        !buffer_append(out, head, sizeof head - 1) ||
        !buffer_append(out, accept, WEBSOCKET_ACCEPT_SIZE) || !buffer_append(out, "\r\n\r\n", 4)) {
        if (socket != NULL) {
            socket->free(socket);
        }
        return SESSION_CLOSE;
    }
    session->carrier = socket; /* whoever called receive() frees the other */
    return SESSION_OPEN;
}

/* What is wrong with a head whose body may still be read. */
static struct refusal judge(const struct session *session, const struct http_head *head,
                            enum origin_verdict origin)
{
    thrift_bytes value;

    if (!head->old && count_hosts(head->headers) != 1) {
        return (struct refusal){400, "exactly one Host line is needed"};
    }
    if (asks_for_websocket(session, head)) {
        return judge_upgrade(head, origin);
    }
    if (origin == ORIGIN_REFUSED) {
        return other_site;
    }
    if (head->method != HTTP_METHOD_POST && !(origin == ORIGIN_LISTED && is_preflight(head))) {
        return (struct refusal){405, "this is a Thrift server: POST a message"};
    }
    if (headers_find(head->headers, "content-encoding", &value) &&
        !header_name_equal(value, "identity")) {
        return (struct refusal){415, "a compressed body is not accepted"};
    }
    if (headers_find(head->headers, "content-type", &value) && !is_thrift_type(value)) {
        return (struct refusal){415, "the Content-Type of a Thrift message is " HTTP_THRIFT};
    }
    return (struct refusal){0, NULL};
}

static enum session_verdict begin_request(struct session *session, thrift_buffer *out)
{
    static const char go_on[] = "HTTP/1.1 100 Continue\r\n\r\n";
    struct http_carrier *http = of(session->carrier);
    const struct http_head *head = http_head_of(http->reader);
    size_t most = session->in.shared->limits.max_frame_size + FRAME_HEAD_SIZE;
    thrift_bytes value;

    http->origin = origins_judge(session->dispatcher->origins, head->headers);
    http->refusal = judge(session, head, http->origin);
    if (head->has_content_length && head->content_length > most) {
        return refuse(session, 413, "the body is larger than max_frame_size", true, out);
    }
    if (head->old || !headers_find(head->headers, "expect", &value)) {
        return SESSION_OPEN;
    }
    if (!header_name_equal(value, "100-continue")) {
        return refuse(session, 417, "only 100-continue can be expected", true, out);
    }
    if (http->refusal.status != 0) { /* the body need not come at all */
        return refuse(session, http->refusal.status, http->refusal.text, true, out);
    }
    return after(buffer_append(out, go_on, sizeof go_on - 1), false);
}

static enum session_verdict end_request(struct session *session, thrift_buffer *out)
{
    struct http_carrier *http = of(session->carrier);

    session->messages++;
    if (http->refusal.status != 0) {
        return refuse(session, http->refusal.status, http->refusal.text, false, out);
    }
    if (asks_for_websocket(session, http_head_of(http->reader))) {
        return upgrade(session, out);
    }
    if (http_head_of(http->reader)->method != HTTP_METHOD_POST) {
        return answer_preflight(session, out);
    }
    return answer(session, out);
}

static enum session_verdict work(struct session *session, thrift_bytes *input, thrift_buffer *out)
{
    struct http_carrier *http = of(session->carrier);
    enum session_verdict verdict = SESSION_OPEN;
    thrift_error err = THRIFT_ERROR_INIT;

    while (verdict == SESSION_OPEN && session->carrier == &http->carrier) {
        switch (http_next(http->reader, input, &err)) {
        case HTTP_MORE:
            return SESSION_OPEN;
        case HTTP_HEAD_READ:
            verdict = begin_request(session, out);
            break;
        case HTTP_MESSAGE_READ:
            http->last = session->dispatcher->ending && input->size == 0;
            verdict = end_request(session, out);
            if (verdict == SESSION_OPEN && out->size >= SESSION_OUTPUT_MOST) {
                verdict = SESSION_FULL;
            }
            break;
        case HTTP_BROKEN:
            http->origin = ORIGIN_NONE; /* the head may be another request's */
            return refuse(session, http_refusal_of(http->reader), err.message, true, out);
        }
    }
    return verdict;
}

/* ---- the carrier ---- */

static enum session_verdict receive(struct session *session, thrift_bytes bytes, thrift_buffer *out)
{
    return carrier_receive(session, bytes, out, work);
}

static bool is_partial(const struct carrier *carrier)
{
    const struct http_carrier *http = (const struct http_carrier *)(const void *)carrier;

    return carrier->waiting.size > 0 || !http_reader_is_idle(http->reader);
}

static void free_carrier(struct carrier *carrier)
{
    struct http_carrier *http = of(carrier);
    thrift_allocator allocator = carrier->waiting.allocator;

    http_reader_free(http->reader);
    thrift_buffer_deinit(&carrier->waiting);
    mem_free(&allocator, http, sizeof *http);
}

struct carrier *http_carrier_new(struct session *session)
{
    struct inbound_shared *shared = session->in.shared;
    struct http_carrier *http = mem_alloc_zero(&shared->allocator, 1, sizeof *http);

    if (http == NULL) {
        return NULL;
    }
    http->carrier = (struct carrier){receive, NULL, is_partial, free_carrier, THRIFT_BUFFER_INIT};
    http->carrier.waiting.allocator = shared->allocator;
    http->reader = http_reader_new(HTTP_REQUESTS, &shared->limits, &shared->http);
    if (http->reader == NULL) {
        mem_free(&shared->allocator, http, sizeof *http);
        return NULL;
    }
    return &http->carrier;
}
