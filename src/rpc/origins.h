/*
 * Origins: the sites whose pages may call over HTTP and WebSocket.
 *
 * Browsers say where a page came from (Origin), and ask beforehand (a preflight) only for some
 * requests; who sends no Origin is no browser. Without a list a page may call the host that it came
 * from, and no other; with one, those that are listed. Source: RFC 6454; Fetch, "CORS protocol".
 */
#ifndef RPC_ORIGINS_H
#define RPC_ORIGINS_H

#include "wire/headers.h"

enum origin_verdict {
    ORIGIN_NONE,   /* no page calls */
    ORIGIN_OWN,    /* a page of the host that is called */
    ORIGIN_LISTED, /* the page is told that it may read the answer */
    ORIGIN_REFUSED
};

struct origins {
    thrift_buffer texts; /* each with its NUL */
    bool listed;         /* there is a list, which may be empty */
    bool any;            /* "*" is one of them */
};

/* Copies a list that ends with NULL; NULL is none. E_ARGUMENT: an item is neither "*", "null" nor
 * a scheme with a host and perhaps a port; E_NOMEM. */
thrift_status origins_init(struct origins *origins, const char *const *list,
                           const thrift_allocator *allocator, thrift_error *err);
void origins_deinit(struct origins *origins);

/* `origins` NULL: no list. `headers` of a request, as in wire/headers.h. */
enum origin_verdict origins_judge(const struct origins *origins, thrift_bytes headers);

/* Header lines that let the page read the answer; and, of a preflight, that let it ask. false: no
 * memory. */
bool origins_permit(thrift_bytes headers, bool preflight, thrift_buffer *out);

#endif
