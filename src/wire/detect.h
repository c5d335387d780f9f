/*
 * Detection: what the first bytes of a connection say about the rest of it.
 *
 * No state: give all bytes that came so far, again with more when the answer is DETECT_MORE. At
 * most DETECT_SIZE_MOST + the longest method name are ever needed.
 */
#ifndef WIRE_DETECT_H
#define WIRE_DETECT_H

#include <rethrift/protocol.h>

#define DETECT_SIZE_MOST 13u

enum detect_kind {
    DETECT_MORE,    /* cannot be told yet */
    DETECT_MESSAGE, /* messages, framed or not; `protocol` says in what */
    DETECT_HEADER,  /* THeader frames: they say themselves what is inside */
    DETECT_HTTP,
    DETECT_ZLIB, /* a zlib stream: TZlibTransport */
    DETECT_TLS,
    DETECT_UNKNOWN
};

struct detection {
    enum detect_kind kind;
    bool framed;              /* of DETECT_MESSAGE */
    bool old;                 /* binary without a version */
    thrift_protocol protocol; /* of DETECT_MESSAGE */
};

/* `limits` in force: an old header shows itself by a name no longer than max_method_name_size. */
struct detection detect(thrift_bytes first, const thrift_limits *limits);

/* "unframed binary", "HTTP" …, for logs and errors. */
const char *detection_name(const struct detection *found);

#endif
