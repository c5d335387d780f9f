/*
 * HTTP carries calls: every form of message in a body, keep-alive, pieces, what is refused and how.
 */
#include <string.h>

#include "allocator.h"
#include "base/buffer.h"
#include "base/limits.h"
#include "fixture.h"
#include "rpc/origins.h"
#include "suite.h"
#include "transport/http.h"

#define HOST "Host: h\r\n"

static const struct wire_form forms[] = {
    {THRIFT_BINARY, false, false},  {THRIFT_BINARY, true, false},  {THRIFT_BINARY, false, true},
    {THRIFT_COMPACT, false, false}, {THRIFT_COMPACT, true, false},
};

static void append_text(thrift_buffer *out, const char *text)
{
    ck_assert(buffer_append(out, text, strlen(text)));
}

static void append_post(thrift_buffer *out, thrift_bytes body)
{
    char head[128];

    (void)snprintf(head, sizeof head,
                   "POST /any/path HTTP/1.1\r\n" HOST "Content-Length: %zu\r\n\r\n", body.size);
    append_text(out, head);
    ck_assert(buffer_append(out, body.data, body.size));
}

static void append_call(const struct engine *engine, thrift_buffer *out, struct wire_form form,
                        const char *method, uint8_t kind, int32_t sequence_id)
{
    const thrift_value number = THRIFT_VALUE(1);
    thrift_buffer body = THRIFT_BUFFER_INIT;

    request_append(&engine->fixture, form, method, kind, sequence_id, (thrift_args){&number, 1},
                   &body);
    append_post(out, buffer_bytes(&body));
    thrift_buffer_deinit(&body);
}

/* What the server said: statuses, and the bodies behind each other. */
struct heard {
    char statuses[64];
    char last_body[512];
    thrift_buffer bodies;
};

static struct heard hear(const struct engine *engine)
{
    const thrift_limits limits = limits_in_force(NULL);
    thrift_bytes input = buffer_bytes(&engine->out);
    struct heard heard = {{0}, {0}, THRIFT_BUFFER_INIT};
    struct http_buffers spare;
    struct http_reader *reader;
    enum http_event event;
    thrift_error err = THRIFT_ERROR_INIT;

    http_buffers_init(&spare, NULL);
    reader = http_reader_new(HTTP_RESPONSES, &limits, &spare);
    while ((event = http_next(reader, &input, &err)) != HTTP_MORE) {
        thrift_bytes body = http_body_of(reader);
        size_t size = strlen(heard.statuses);

        ck_assert_msg(event != HTTP_BROKEN, "%s", err.message);
        if (event == HTTP_MESSAGE_READ) {
            (void)snprintf(heard.statuses + size, sizeof heard.statuses - size, "%u%s ",
                           http_head_of(reader)->status,
                           http_head_of(reader)->keeps_alive ? "" : "!");
            (void)snprintf(heard.last_body, sizeof heard.last_body, "%.*s", (int)body.size,
                           (const char *)body.data);
            ck_assert(buffer_append(&heard.bodies, body.data, body.size));
        }
    }
    http_reader_free(reader);
    http_buffers_deinit(&spare);
    return heard;
}

static void check_reply(const struct engine *engine, const char *method, thrift_bytes *replies,
                        int32_t sequence_id)
{
    struct reply reply = reply_take(&engine->fixture, method, replies);

    ck_assert_msg(reply.outcome != NULL, "%s: no reply", method);
    ck_assert_int_eq(reply.sequence_id, sequence_id);
    ck_assert_int_eq(thrift_outcome_is(reply.outcome), THRIFT_OUTCOME_RESULT);
    thrift_outcome_free(reply.outcome);
}

START_TEST(calls_keep_the_connection)
{
    struct engine engine;
    thrift_buffer requests = THRIFT_BUFFER_INIT;

    engine_open(&engine, NULL);
    append_call(&engine, &requests, forms[_i], "get", 1, 7);
    append_call(&engine, &requests, forms[_i], "fire", 4, 8); /* oneway: an empty 200 */
    append_call(&engine, &requests, forms[_i], "add", 1, -9);
    for (size_t step = 1; step <= requests.size; step += step < 8 ? 1 : 61) {
        struct heard heard;
        thrift_bytes replies;

        engine_reconnect(&engine);
        for (size_t at = 0; at < requests.size; at += step) {
            size_t size = requests.size - at < step ? requests.size - at : step;

            ck_assert_int_eq(session_receive(&engine.session,
                                             (thrift_bytes){requests.data + at, size}, &engine.out),
                             SESSION_OPEN);
        }
        ck_assert(!session_is_partial(&engine.session));
        heard = hear(&engine);
        ck_assert_str_eq(heard.statuses, "200 200 200 ");
        replies = buffer_bytes(&heard.bodies);
        check_reply(&engine, "get", &replies, 7);
        check_reply(&engine, "add", &replies, -9);
        ck_assert_uint_eq(replies.size, 0);
        thrift_buffer_deinit(&heard.bodies);
    }
    thrift_buffer_deinit(&requests);
    engine_close(&engine);
}
END_TEST

#define THRIFT_TYPE "Content-Type: application/x-thrift\r\n"
#define FOUR "Content-Length: 4\r\n\r\nabcd"

static const struct {
    const char *request, *statuses, *mentions;
    enum session_verdict verdict;
} refused[] = {
    {"GET / HTTP/1.1\r\n" HOST "\r\n", "405 ", "POST a message", SESSION_OPEN},
    {"HEAD / HTTP/1.0\r\n\r\n", "405! ", "", SESSION_CLOSE},
    {"OPTIONS * HTTP/1.1\r\n" HOST "\r\n", "405 ", "POST", SESSION_OPEN},
    {"TRACE / HTTP/1.1\r\n" HOST "\r\n", "405 ", "POST", SESSION_OPEN},
    {"POST / HTTP/1.1\r\n" FOUR, "400 ", "Host", SESSION_OPEN},
    {"POST / HTTP/1.1\r\n" HOST HOST FOUR, "400 ", "Host", SESSION_OPEN},
    {"POST / HTTP/1.1\r\n" HOST THRIFT_TYPE FOUR, "400 ", "not Thrift", SESSION_OPEN},
    {"POST / HTTP/1.1\r\n" HOST THRIFT_TYPE "Content-Length: 0\r\n\r\n", "400 ", "no whole message",
     SESSION_OPEN},
    {"POST / HTTP/1.1\r\n" HOST THRIFT_TYPE "\r\n", "400 ", "no whole message", SESSION_OPEN},
    {"POST / HTTP/1.1\r\n" HOST "Content-Type: text/plain\r\n" FOUR, "415 ", "application/x-thrift",
     SESSION_OPEN},
    {"POST / HTTP/1.1\r\n" HOST "Content-Encoding: gzip\r\n" FOUR, "415 ", "compressed",
     SESSION_OPEN},
    {"POST / HTTP/1.1\r\n" HOST "Content-Length: 16384005\r\n\r\n", "413! ", "max_frame_size",
     SESSION_CLOSE},
    {"POST / HTTP/1.1\r\n" HOST "Content-Type: text/plain\r\nExpect: 100-continue\r\n"
     "Content-Length: 4\r\n\r\n",
     "415! ", "application/x-thrift", SESSION_CLOSE},
    {"POST / HTTP/1.1\r\n" HOST "Expect: miracles\r\n" FOUR, "417! ", "100-continue",
     SESSION_CLOSE},
    {"POST / HTTP/1.1\r\n" HOST "Expect: 100-Continue\r\n" FOUR, "100 400 ", "not Thrift",
     SESSION_OPEN},
    {"POST / HTTP/1.1\r\n" HOST "Content-Length: 4\r\nContent-Length: 4\r\n\r\n", "400! ",
     "Content-Length", SESSION_CLOSE},
    {"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "505! ", "HTTP/2", SESSION_CLOSE},
    {"GET / HTTP/9.9\r\n\r\n", "505! ", "version", SESSION_CLOSE},
    {"GET / HTTP/1.1\r\nA b: c\r\n\r\n", "400! ", "header", SESSION_CLOSE},
    /* a body with more than its frame */
    {"POST / HTTP/1.1\r\n" HOST "Content-Length: 9\r\n\r\n[1,\"ping\"", "400 ", "", SESSION_OPEN},
};

START_TEST(refusals_have_a_status_and_a_reason)
{
    struct engine engine;
    struct heard heard;
    const thrift_bytes request = {(const uint8_t *)refused[_i].request,
                                  strlen(refused[_i].request)};

    engine_open(&engine, NULL);
    ck_assert_int_eq(session_receive(&engine.session, request, &engine.out), refused[_i].verdict);
    heard = hear(&engine);
    ck_assert_str_eq(heard.statuses, refused[_i].statuses);
    ck_assert_msg(strstr(heard.last_body, refused[_i].mentions) != NULL, "%s", heard.last_body);
    ck_assert(captured_log_has(&engine.lines, "http-refused"));
    thrift_buffer_deinit(&heard.bodies);
    if (refused[_i].verdict == SESSION_OPEN) {
        thrift_buffer next = THRIFT_BUFFER_INIT;

        engine.out.size = 0;
        append_call(&engine, &next, forms[0], "get", 1, 1);
        ck_assert_int_eq(session_receive(&engine.session, buffer_bytes(&next), &engine.out),
                         SESSION_OPEN);
        heard = hear(&engine);
        ck_assert_str_eq(heard.statuses, "200 ");
        thrift_buffer_deinit(&heard.bodies);
        thrift_buffer_deinit(&next);
    }
    engine_close(&engine);
}
END_TEST

#define FROM(ORIGIN) "Origin: " ORIGIN "\r\n"
#define PREFLIGHT(ORIGIN)                                                                          \
    "OPTIONS / HTTP/1.1\r\n" HOST FROM(                                                            \
        ORIGIN) "Access-Control-Request-Method: POST\r\n"                                          \
                "Access-Control-Request-Headers: content-type, x-a\r\n"

/* Pages call from two sites, or from the server's own host when no list is given. */
static const struct {
    const char *request;
    bool listed;
    const char *status;
    const char *permitted; /* a line of the answer; NULL: none of its kind */
} pages[] = {
    {"POST / HTTP/1.1\r\n" HOST FROM("http://h") FOUR, false, "400", NULL},
    {"POST / HTTP/1.1\r\n" HOST FROM("http://evil.example") FOUR, false, "403", NULL},
    {"POST / HTTP/1.1\r\n" HOST FROM("null") FOUR, false, "403", NULL},
    {PREFLIGHT("http://evil.example") "\r\n", false, "403", NULL},
    {PREFLIGHT("http://h") "\r\n", false, "405", NULL},
    {"POST / HTTP/1.1\r\n" HOST FROM("https://app.example") FOUR, true, "400",
     "Access-Control-Allow-Origin: https://app.example\r\nVary: Origin\r\n"},
    {"POST / HTTP/1.1\r\n" HOST FROM("http://h") FOUR, true, "403", NULL},
    {"POST / HTTP/1.1\r\n" HOST FOUR, true, "400", NULL},
    {PREFLIGHT("https://app.example") "\r\n", true, "200",
     "Access-Control-Allow-Headers: content-type, x-a\r\nAccess-Control-Allow-Methods: POST\r\n"},
    {PREFLIGHT("https://app.example:444") "\r\n", true, "403", NULL},
    {"OPTIONS / HTTP/1.1\r\n" HOST FROM("https://app.example") "\r\n", true, "405",
     "Access-Control-Allow-Origin"},
    {"GET / HTTP/1.1\r\n" HOST FROM("https://app.example") "\r\n", true, "405",
     "Access-Control-Allow-Origin"},
    /* what is broken may be the next request's head: nothing of the last one is said about it */
    {PREFLIGHT("https://app.example") "\r\nGET / HTTP/9.9\r\n\r\n", true, "200",
     "Access-Control-Max-Age: 600\r\n"},
};

START_TEST(pages_of_listed_sites_may_call)
{
    static const char *const list[] = {"http://localhost:3000", "https://app.example", NULL};
    const thrift_bytes request = {(const uint8_t *)pages[_i].request, strlen(pages[_i].request)};
    struct origins origins;
    struct engine engine;
    char said[1024];

    engine_open(&engine, NULL);
    ck_assert_int_eq(origins_init(&origins, pages[_i].listed ? list : NULL, NULL, NULL), THRIFT_OK);
    engine.dispatcher.origins = &origins;
    (void)session_receive(&engine.session, request, &engine.out);
    (void)snprintf(said, sizeof said, "%.*s", (int)engine.out.size, (const char *)engine.out.data);
    ck_assert_msg(strncmp(said + 9, pages[_i].status, 3) == 0, "%s", said);
    ck_assert_msg(strstr(said, pages[_i].permitted != NULL ? pages[_i].permitted
                                                           : "\r\nContent-Length") != NULL,
                  "%s", said);
    ck_assert_int_eq(strstr(said, "Access-Control") != NULL, pages[_i].permitted != NULL);
    engine_close(&engine);
    origins_deinit(&origins);
}
END_TEST

static const struct {
    const char *agent, *statuses;
} agents[] = {
    {"Thrift/0.17.0 (C++/THttpClient)", "200 "},
    {"Thrift/0.9.0 (C++/THttpClient)", "200 "},
    {"Thrift/0.23.0 (C++/THttpClient)", "200 "},
    {"Thrift/0.24.0 (C++/THttpClient)", "200 200 "},
    {"Thrift/0.99.0 (C++/THttpClient)", "200 200 "},
    {"Thrift/0.100.0 (C++/THttpClient)", "200 200 "},
    {"Python/THttpClient", "200 200 "},
    {"Thrift/0.17.0 (C++)", "200 200 "},
};

/* The response to a oneway call is not sent to a client that would take it for the next one. */
START_TEST(old_clients_in_cpp_get_no_oneway_response)
{
    static const struct wire_form form = {THRIFT_BINARY, false, false};
    const thrift_value number = THRIFT_VALUE(1);
    struct engine engine;
    struct heard heard;
    thrift_buffer body = THRIFT_BUFFER_INIT, request = THRIFT_BUFFER_INIT;
    char head[200];

    engine_open(&engine, NULL);
    request_append(&engine.fixture, form, "fire", 4, 1, (thrift_args){&number, 1}, &body);
    (void)snprintf(head, sizeof head,
                   "POST / HTTP/1.1\r\n" HOST "User-Agent: %s\r\nContent-Length: %zu\r\n\r\n",
                   agents[_i].agent, body.size);
    append_text(&request, head);
    ck_assert(buffer_append(&request, body.data, body.size));
    append_call(&engine, &request, form, "get", 1, 2);
    ck_assert_int_eq(session_receive(&engine.session, buffer_bytes(&request), &engine.out),
                     SESSION_OPEN);
    ck_assert_int_eq(atomic_load(&engine.fixture.fired), 1);
    heard = hear(&engine);
    ck_assert_str_eq(heard.statuses, agents[_i].statuses);
    thrift_buffer_deinit(&heard.bodies);
    thrift_buffer_deinit(&body);
    thrift_buffer_deinit(&request);
    engine_close(&engine);
}
END_TEST

START_TEST(switched_off_it_is_named)
{
    static const char get[] = "GET / HTTP/1.1\r\n" HOST "\r\n";
    struct engine engine;

    engine_open(&engine, NULL);
    engine.shared.wires = INBOUND_WIRES;
    ck_assert_int_eq(session_receive(&engine.session,
                                     (thrift_bytes){(const uint8_t *)get, sizeof get - 1},
                                     &engine.out),
                     SESSION_CLOSE);
    ck_assert_uint_eq(engine.out.size, 0);
    ck_assert(captured_log_has(&engine.lines, "the peer speaks HTTP, which is not accepted here"));
    engine_close(&engine);
}
END_TEST

/* The output is full after the first; the rest waits inside, also when more arrives. */
START_TEST(a_full_output_stops_reading)
{
    const thrift_value size = THRIFT_VALUE(1200000);
    struct engine engine;
    thrift_buffer body = THRIFT_BUFFER_INIT, requests = THRIFT_BUFFER_INIT;
    enum session_verdict verdict;
    thrift_bytes more = {NULL, 0};
    int rounds = 0;

    engine_open(&engine, NULL);
    request_append(&engine.fixture, forms[0], "blob", 1, 1, (thrift_args){&size, 1}, &body);
    for (int i = 0; i < 4; i++) {
        append_post(&requests, buffer_bytes(&body));
    }
    verdict = session_receive(&engine.session, (thrift_bytes){requests.data, requests.size - 10},
                              &engine.out);
    more = (thrift_bytes){requests.data + requests.size - 10, 10};
    ck_assert(session_is_partial(&engine.session));
    while (verdict == SESSION_FULL) {
        rounds++;
        verdict = session_receive(&engine.session, more, &engine.out);
        more.size = 0;
    }
    ck_assert_int_eq(verdict, SESSION_OPEN);
    ck_assert_int_ge(rounds, 3);
    ck_assert(!session_is_partial(&engine.session));
    ck_assert_uint_gt(engine.out.size, 4 * 1200000);
    thrift_buffer_deinit(&body);
    thrift_buffer_deinit(&requests);
    engine_close(&engine);
}
END_TEST

START_TEST(no_memory_closes)
{
    for (size_t k = 1;; k++) {
        struct failing_allocator memory = {0};
        thrift_allocator allocator = failing_allocator_of(&memory);
        struct engine engine;
        thrift_buffer request = THRIFT_BUFFER_INIT;
        enum session_verdict verdict = SESSION_OPEN;

        engine_open(&engine, &allocator);
        append_call(&engine, &request, forms[0], "get", 1, 7);
        memory.count = 0;
        memory.fail_at = k;
        for (size_t at = 0; at < request.size && verdict == SESSION_OPEN; at += 10) {
            size_t size = request.size - at < 10 ? request.size - at : 10;

            verdict = session_receive(&engine.session, (thrift_bytes){request.data + at, size},
                                      &engine.out);
        }
        bool failed = memory.count >= k;

        memory.fail_at = 0;
        thrift_buffer_deinit(&request);
        engine_close(&engine);
        ck_assert_uint_eq(memory.live, 0);
        if (!failed) {
            ck_assert_int_eq(verdict, SESSION_OPEN);
            break;
        }
    }
}
END_TEST

static void add_tests(TCase *tests)
{
    if (http_built()) {
        tcase_add_loop_test(tests, calls_keep_the_connection, 0, COUNT_OF(forms));
        tcase_add_loop_test(tests, refusals_have_a_status_and_a_reason, 0, COUNT_OF(refused));
        tcase_add_loop_test(tests, pages_of_listed_sites_may_call, 0, COUNT_OF(pages));
        tcase_add_loop_test(tests, old_clients_in_cpp_get_no_oneway_response, 0, COUNT_OF(agents));
        tcase_add_test(tests, a_full_output_stops_reading);
        tcase_add_test(tests, no_memory_closes);
    }
    tcase_add_test(tests, switched_off_it_is_named);
}

SUITE_MAIN("rpc/http_carrier")
