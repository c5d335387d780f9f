/**
 * Protocols and messages: the names that every layer above the bytes shares.
 */
#ifndef RETHRIFT_PROTOCOL_H
#define RETHRIFT_PROTOCOL_H

#include <rethrift/buffer.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum thrift_protocol {
    THRIFT_BINARY = 1, /**< reads strict and old alike */
    THRIFT_COMPACT,
    THRIFT_TJSON,       /**< Apache's JSON protocol */
    THRIFT_SIMPLE_JSON, /**< write only */
    THRIFT_PLAIN_JSON   /**< field names, readable; what people mean by JSON */
} thrift_protocol;

/** What stands between a connection's bytes and its messages. */
typedef enum thrift_wire {
    THRIFT_WIRE_UNFRAMED = 1, /**< TBufferedTransport, TSocket */
    THRIFT_WIRE_FRAMED,       /**< TFramedTransport */
    THRIFT_WIRE_HEADER,       /**< THeaderTransport */
    THRIFT_WIRE_HTTP,         /**< THttpClient: one message in each POST */
    THRIFT_WIRE_WEBSOCKET,    /**< upgraded from HTTP; messages framed or not */
    THRIFT_WIRE_ZLIB          /**< TZlibTransport; messages framed or not */
} thrift_wire;

typedef enum thrift_message_kind {
    THRIFT_MESSAGE_CALL = 1,
    THRIFT_MESSAGE_REPLY,
    THRIFT_MESSAGE_EXCEPTION,
    THRIFT_MESSAGE_ONEWAY
} thrift_message_kind;

#ifdef __cplusplus
}
#endif
#endif
