/*
 * Any bytes as a connection of a server with all wires on: what they begin with decides.
 */
#include "split_stream.h"
#include "transport/inbound.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    serve_behind((thrift_bytes){data, 0}, data, size,
                 INBOUND_WIRES | 1u << THRIFT_WIRE_HTTP | 1u << THRIFT_WIRE_WEBSOCKET |
                     1u << THRIFT_WIRE_ZLIB);
    return 0;
}
