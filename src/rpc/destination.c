/*
 * The text of a client's address. http://, ws:// and udp:// are tcp:// with another carriage; the
 * options behind the '?' say the rest.
 */
#include "rpc/destination.h"

#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "wire/headers.h"

#define TEXT_SIZE (ADDRESS_TEXT_SIZE + ADDRESS_QUERY_SIZE)
#define HEADER_PREFIX "header."

/* ---- what comes before the '?' ---- */

static const struct scheme {
    const char *name;
    enum carriage carriage;
    const char *usual_port; /* NULL: it must be given */
} schemes[] = {{"http://", CARRIAGE_HTTP, ":80"},
               {"ws://", CARRIAGE_WEBSOCKET, ":80"},
               {"udp://", CARRIAGE_DATAGRAMS, NULL}};

static const struct scheme *find_scheme(const char *text)
{
    for (size_t i = 0; i < sizeof schemes / sizeof schemes[0]; i++) {
        if (strncmp(text, schemes[i].name, strlen(schemes[i].name)) == 0) {
            return &schemes[i];
        }
    }
    return NULL;
}

static bool has_port(const char *authority, size_t size)
{
    size_t colon = size;

    while (colon > 0 && authority[colon - 1] != ':' && authority[colon - 1] != ']') {
        colon--;
    }
    return colon > 0 && authority[colon - 1] == ':';
}

/* Visible ASCII: it stands in the head of an HTTP request. */
static bool is_path(const char *path, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if (path[i] <= ' ' || path[i] > '~') {
            return false;
        }
    }
    return size > 0 && path[0] == '/';
}

static thrift_status set_path(struct destination *destination, const char *path, size_t size,
                              thrift_error *err)
{
    char quoted[TEXT_QUOTED_SIZE];

    if (!is_path(path, size) || size >= sizeof destination->path) {
        return FAIL(err, THRIFT_E_ARGUMENT,
                    "the path %s is not one of at most 127 visible characters that begin with '/'",
                    text_quote(path, size, quoted));
    }
    memcpy(destination->path, path, size);
    destination->path[size] = '\0';
    return THRIFT_OK;
}

/* "http://host/path?…" as "tcp://host:80?…" into `bare`; the path is kept. */
static thrift_status take_scheme(struct destination *destination, const struct scheme *scheme,
                                 const char *text, char bare[TEXT_SIZE], thrift_error *err)
{
    const char *authority = text + strlen(scheme->name);
    size_t size = strcspn(authority, "/?");
    const char *rest = authority + size;
    size_t path = strcspn(rest, "?");
    bool add_port = scheme->usual_port != NULL && !has_port(authority, size);
    int written = snprintf(bare, TEXT_SIZE, "%s%.*s%s%s",
                           scheme->carriage == CARRIAGE_DATAGRAMS ? "udp://" : "tcp://", (int)size,
                           authority, add_port ? scheme->usual_port : "", rest + path);

    if (written < 0 || written >= TEXT_SIZE) {
        return FAIL(err, THRIFT_E_ARGUMENT, "the address is too long");
    }
    destination->carriage = scheme->carriage;
    if (path == 0) {
        return THRIFT_OK;
    }
    if (scheme->carriage == CARRIAGE_DATAGRAMS) {
        return FAIL(err, THRIFT_E_ARGUMENT, "a path has no meaning in a udp:// address");
    }
    return set_path(destination, rest, path, err);
}

/* ---- options ---- */

static bool set_protocol(struct destination *destination, const char *value)
{
    static const struct {
        const char *name;
        thrift_protocol protocol;
        bool old;
    } known[] = {{"binary", THRIFT_BINARY, false},
                 {"binary-old", THRIFT_BINARY, true},
                 {"compact", THRIFT_COMPACT, false},
                 {"json", THRIFT_TJSON, false}};

    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (strcmp(value, known[i].name) == 0) {
            destination->form.protocol = known[i].protocol;
            destination->old = known[i].old;
            return true;
        }
    }
    return false;
}

static bool set_transport(struct destination *destination, const char *value)
{
    static const struct {
        const char *name;
        enum carriage carriage;
        bool framed, header;
    } known[] = {{"buffered", CARRIAGE_STREAM, false, false},
                 {"framed", CARRIAGE_STREAM, true, false},
                 {"header", CARRIAGE_STREAM, true, true},
                 {"zlib", CARRIAGE_ZLIB, false, false},
                 {"http", CARRIAGE_HTTP, false, false},
                 {"websocket", CARRIAGE_WEBSOCKET, false, false}};

    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (strcmp(value, known[i].name) == 0) {
            /* http://…?transport=header: what the scheme says stays. */
            if (known[i].carriage != CARRIAGE_STREAM) {
                destination->carriage = known[i].carriage;
            }
            destination->form.nested =
                known[i].header && destination->form.framed && !destination->form.header;
            destination->form.framed = known[i].framed;
            destination->form.header = known[i].header;
            return true;
        }
    }
    return false;
}

/* In which order the options come does not matter: finish() decides what is compressed. */
static bool set_compress(struct destination *destination, const char *value)
{
    destination->form.zlib = strcmp(value, "zlib") == 0;
    return destination->form.zlib || strcmp(value, "none") == 0;
}

static bool set_service(struct destination *destination, const char *value)
{
    _Static_assert(sizeof destination->service == sizeof((struct address_option *)NULL)->value,
                   "a value fits");
    memcpy(destination->service, value, strlen(value) + 1);
    return value[0] != '\0' && strchr(value, ':') == NULL;
}

static bool set_path_option(struct destination *destination, const char *value)
{
    return set_path(destination, value, strlen(value), NULL) == THRIFT_OK;
}

/* A list of pairs, each text with its size before it: sizes below 128 are one byte. */
static bool add_header(struct destination *destination, const char *name, const char *value)
{
    const size_t sizes[] = {strlen(name), strlen(value)};
    const char *const texts[] = {name, value};

    if (!header_name_valid((thrift_bytes){(const uint8_t *)name, sizes[0]}) ||
        !header_value_valid((thrift_bytes){(const uint8_t *)value, sizes[1]}) ||
        destination->headers_size + sizes[0] + sizes[1] + 2 > sizeof destination->headers) {
        return false;
    }
    for (size_t i = 0; i < 2; i++) {
        destination->headers[destination->headers_size++] = (uint8_t)sizes[i];
        memcpy(destination->headers + destination->headers_size, texts[i], sizes[i]);
        destination->headers_size += sizes[i];
    }
    return true;
}

static thrift_status refuse_option(const struct address_option *option, const char *allowed,
                                   thrift_error *err)
{
    char quoted[TEXT_QUOTED_SIZE];

    return FAIL(err, THRIFT_E_ARGUMENT, "address option %s=%s: allowed is %s", option->name,
                text_quote(option->value, strlen(option->value), quoted), allowed);
}

static thrift_status set_option(struct destination *destination,
                                const struct address_option *option, thrift_error *err)
{
    static const struct {
        const char *name;
        bool (*set)(struct destination *destination, const char *value);
        const char *allowed;
    } options[] = {{"protocol", set_protocol, "binary, binary-old, compact, json"},
                   {"transport", set_transport, "buffered, framed, header, zlib, http, websocket"},
                   {"compress", set_compress, "zlib, none"},
                   {"service", set_service, "the service's name"},
                   {"path", set_path_option, "/ and what follows it"}};
    char quoted[TEXT_QUOTED_SIZE];

    if (strncmp(option->name, HEADER_PREFIX, strlen(HEADER_PREFIX)) == 0) {
        return add_header(destination, option->name + strlen(HEADER_PREFIX), option->value)
                   ? THRIFT_OK
                   : refuse_option(option, "a header's name and its value, together 254 bytes",
                                   err);
    }
    for (size_t i = 0; i < sizeof options / sizeof options[0]; i++) {
        if (strcmp(option->name, options[i].name) == 0) {
            return options[i].set(destination, option->value)
                       ? THRIFT_OK
                       : refuse_option(option, options[i].allowed, err);
        }
    }
    return FAIL(err, THRIFT_E_ARGUMENT,
                "address option %s is not known; protocol, transport, compress, service, path and "
                "header.NAME are",
                text_quote(option->name, strlen(option->name), quoted));
}

/* What the options mean together. */
static thrift_status finish(struct destination *destination, thrift_error *err)
{
    const struct address *address = &destination->address;
    bool carries_http =
        destination->carriage == CARRIAGE_HTTP || destination->carriage == CARRIAGE_WEBSOCKET;

    if (address->kind == ADDRESS_INHERITED || address->kind == ADDRESS_DESCRIPTOR) {
        return FAIL(err, THRIFT_E_ARGUMENT, "this address is one to listen on");
    }
    if (address->kind == ADDRESS_UDP && destination->carriage != CARRIAGE_DATAGRAMS) {
        return FAIL(err, THRIFT_E_ARGUMENT, "datagrams carry buffered, framed and header");
    }
    if (destination->form.header && destination->form.protocol == THRIFT_TJSON) {
        return FAIL(err, THRIFT_E_ARGUMENT, "THeader has no place for JSON");
    }
    if (destination->form.zlib && !destination->form.header) {
        if (destination->carriage != CARRIAGE_STREAM && destination->carriage != CARRIAGE_ZLIB) {
            return FAIL(err, THRIFT_E_ARGUMENT, "compress=zlib needs a stream or THeader");
        }
        destination->form.zlib = false;
        destination->carriage = CARRIAGE_ZLIB;
    }
    if (destination->path[0] != '\0' && !carries_http) {
        return FAIL(err, THRIFT_E_ARGUMENT, "a path needs HTTP or WebSocket");
    }
    if (destination->path[0] == '\0') {
        (void)snprintf(destination->path, sizeof destination->path, "/");
    }
    if (destination->headers_size > 0 && !carries_http && !destination->form.header) {
        return FAIL(err, THRIFT_E_ARGUMENT, "headers need transport=header, HTTP or WebSocket");
    }
    if (address->kind == ADDRESS_UNIX) {
        (void)snprintf(destination->host, sizeof destination->host, "localhost");
    } else {
        (void)address_print(address, destination->host);
        memmove(destination->host, destination->host + strlen("tcp://"),
                strlen(destination->host + strlen("tcp://")) + 1);
    }
    return THRIFT_OK;
}

thrift_status destination_parse(const char *text, struct destination *out, thrift_error *err)
{
    struct destination destination = {.form.protocol = THRIFT_BINARY};
    const struct scheme *scheme = text != NULL ? find_scheme(text) : NULL;
    struct address_option option;
    char bare[TEXT_SIZE];
    const char *at;
    thrift_status status = THRIFT_OK;

    if (text != NULL && strchr(text, ',') != NULL) {
        return FAIL(err, THRIFT_E_ARGUMENT, "several addresses are not supported yet");
    }
    if (scheme != NULL) {
        status = take_scheme(&destination, scheme, text, bare, err);
        text = bare;
    }
    if (status == THRIFT_OK) {
        status = address_parse(text, &destination.address, err);
    }
    at = destination.address.query;
    while (status == THRIFT_OK && address_next_option(&at, &option)) {
        status = set_option(&destination, &option, err);
    }
    if (status == THRIFT_OK) {
        status = finish(&destination, err);
    }
    if (status == THRIFT_OK) {
        *out = destination;
    }
    return status;
}
