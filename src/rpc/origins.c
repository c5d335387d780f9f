/*
 * The list, and what the headers of a request say against it.
 */
#include "rpc/origins.h"

#include <string.h>

#include "base/buffer.h"
#include "base/error.h"

#define ORIGIN_SIZE_MOST 256u /* a scheme, a host of DNS's largest size is no larger, a port */

static size_t scheme_size(const char *text)
{
    return strncmp(text, "https://", 8) == 0 ? 8 : strncmp(text, "http://", 7) == 0 ? 7 : 0;
}

/* "https://host", "http://host:8080": as browsers send them, without a path. */
static bool is_origin(const char *text)
{
    const size_t scheme = scheme_size(text), size = strlen(text);

    if (strcmp(text, "*") == 0 || strcmp(text, "null") == 0) {
        return true;
    }
    return scheme > 0 && size > scheme && size <= ORIGIN_SIZE_MOST &&
           strpbrk(text + scheme, "/?#@* ") == NULL &&
           header_value_valid((thrift_bytes){(const uint8_t *)text, size});
}

thrift_status origins_init(struct origins *origins, const char *const *list,
                           const thrift_allocator *allocator, thrift_error *err)
{
    *origins = (struct origins){.listed = list != NULL};
    if (allocator != NULL) {
        origins->texts.allocator = *allocator;
    }
    for (; list != NULL && *list != NULL; list++) {
        if (!is_origin(*list)) {
            return FAIL(err, THRIFT_E_ARGUMENT,
                        "origins: \"%s\" is none; one is \"https://host\" or \"http://host:port\", "
                        "without a path, \"null\", or \"*\" for all",
                        *list);
        }
        if (!buffer_append(&origins->texts, *list, strlen(*list) + 1)) {
            return FAIL_NOMEM(err);
        }
        origins->any |= strcmp(*list, "*") == 0;
    }
    return THRIFT_OK;
}

void origins_deinit(struct origins *origins) { thrift_buffer_deinit(&origins->texts); }

/* A page of "http://host:port" and "Host: host:port". */
static bool is_own_page(thrift_bytes origin, thrift_bytes headers)
{
    thrift_bytes host;
    size_t scheme = origin.size >= 8 && memcmp(origin.data, "https://", 8) == 0 ? 8 : 7;

    return headers_find(headers, "host", &host) && origin.size == scheme + host.size &&
           (scheme == 8 || memcmp(origin.data, "http://", 7) == 0) &&
           memcmp(origin.data + scheme, host.data, host.size) == 0;
}

static bool is_listed(const struct origins *origins, thrift_bytes origin)
{
    const char *text;

    for (size_t at = 0; at < origins->texts.size && !origins->any; at += strlen(text) + 1) {
        text = (const char *)origins->texts.data + at;
        if (header_name_equal(origin, text)) {
            return true;
        }
    }
    return origins->any && header_value_valid(origin);
}

enum origin_verdict origins_judge(const struct origins *origins, thrift_bytes headers)
{
    thrift_bytes origin;

    if (!headers_find(headers, "origin", &origin)) {
        return ORIGIN_NONE;
    }
    if (origins == NULL || !origins->listed) {
        return is_own_page(origin, headers) ? ORIGIN_OWN : ORIGIN_REFUSED;
    }
    return is_listed(origins, origin) ? ORIGIN_LISTED : ORIGIN_REFUSED;
}

static thrift_bytes bytes_of(const char *text)
{
    return (thrift_bytes){(const uint8_t *)text, strlen(text)};
}

static bool append(thrift_buffer *out, const char *name, thrift_bytes value)
{
    return headers_append(out, bytes_of(name), value);
}

bool origins_permit(thrift_bytes headers, bool preflight, thrift_buffer *out)
{
    thrift_bytes origin, wanted;
    bool done = headers_find(headers, "origin", &origin) &&
                append(out, "Access-Control-Allow-Origin", origin) &&
                append(out, "Vary", bytes_of("Origin"));

    if (!done || !preflight) {
        return done;
    }
    if (headers_find(headers, "access-control-request-headers", &wanted) &&
        header_value_valid(wanted)) {
        done = append(out, "Access-Control-Allow-Headers", wanted);
    }
    return done && append(out, "Access-Control-Allow-Methods", bytes_of("POST")) &&
           append(out, "Access-Control-Max-Age", bytes_of("600"));
}
