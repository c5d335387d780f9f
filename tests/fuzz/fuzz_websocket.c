/*
 * Any bytes as the frames of an open WebSocket.
 */
#include "split_stream.h"
#include "transport/inbound.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const uint8_t handshake[] =
        "GET / HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";

    serve_behind((thrift_bytes){handshake, sizeof handshake - 1}, data, size,
                 1u << THRIFT_WIRE_HTTP | 1u << THRIFT_WIRE_WEBSOCKET);
    return 0;
}
