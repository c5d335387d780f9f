/*
 * Any bytes behind the first line of an HTTP request: header lines, bodies, further requests.
 */
#include "split_stream.h"
#include "transport/inbound.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const uint8_t line[] = "POST / HTTP/1.1\r\nHost: h\r\n";

    serve_behind((thrift_bytes){line, sizeof line - 1}, data, size, 1u << THRIFT_WIRE_HTTP);
    return 0;
}
