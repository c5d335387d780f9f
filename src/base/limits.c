/*
 * The defaults of thrift_limits. Members whose default is "off" stay zero.
 */
#include "base/limits.h"

#include <string.h>

#define KIB ((size_t)1024)
#define MIB (KIB * KIB)

#define DEFAULT(member, value)                                                                     \
    do {                                                                                           \
        if (limits.member == 0) {                                                                  \
            limits.member = (value);                                                               \
        }                                                                                          \
    } while (0)

static thrift_limits copy_of(const thrift_limits *given)
{
    thrift_limits limits = {0};

    if (given != NULL) {
        /* A struct inside options that only set their own size is of this header. */
        size_t size = given->struct_size > 0 ? given->struct_size : sizeof limits;

        memcpy(&limits, given, size < sizeof limits ? size : sizeof limits);
    }
    limits.struct_size = sizeof limits;
    return limits;
}

thrift_limits limits_in_force(const thrift_limits *given)
{
    thrift_limits limits = copy_of(given);

    DEFAULT(max_frame_size, 16384000);
    DEFAULT(max_message_memory, 64 * MIB);
    DEFAULT(max_string_size, limits.max_frame_size);
    DEFAULT(max_container_count, INT32_MAX);
    DEFAULT(max_struct_depth, 64);
    DEFAULT(max_depth, 128);
    DEFAULT(max_method_name_size, 256);
    DEFAULT(max_header_size, 64 * KIB);
    DEFAULT(max_connections, 10000);
    DEFAULT(max_connections_per_peer, 1000);
    DEFAULT(max_calls, 65536);
    DEFAULT(max_calls_per_connection, 1024);
    DEFAULT(max_write_queue_size, 8 * MIB);
    DEFAULT(max_server_memory, 256 * MIB);
    DEFAULT(frame_timeout_ms, 30000);
    DEFAULT(write_timeout_ms, 60000);
    DEFAULT(handshake_timeout_ms, 10000);
    DEFAULT(drain_timeout_ms, 30000);
    DEFAULT(max_file_size, 32 * MIB);
    DEFAULT(max_definition_size, 128 * MIB);
    DEFAULT(max_files, 1024);
    DEFAULT(max_include_depth, 64);
    return limits;
}
