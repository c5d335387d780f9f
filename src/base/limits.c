/*
 * The defaults of thrift_limits. Members whose default is "off" stay zero.
 */
#include "base/limits.h"

#include <string.h>

#define KIB ((size_t)1024)
#define MIB (KIB * KIB)

#define MAX_FRAME_SIZE 16384000

const thrift_limits limits_default = {
    .struct_size = sizeof(thrift_limits),
    .max_frame_size = MAX_FRAME_SIZE,
    .max_message_memory = 64 * MIB,
    .max_string_size = MAX_FRAME_SIZE,
    .max_container_count = INT32_MAX,
    .max_struct_depth = 64,
    .max_depth = 128,
    .max_method_name_size = 256,
    .max_header_size = 64 * KIB,
    .max_header_count = 100,
    .max_connections = 10000,
    .max_connections_per_peer = 1000,
    .max_calls = 65536,
    .max_calls_per_connection = 1024,
    .max_write_queue_size = 8 * MIB,
    .max_server_memory = 256 * MIB,
    .frame_timeout_ms = 30000,
    .write_timeout_ms = 60000,
    .handshake_timeout_ms = 10000,
    .drain_timeout_ms = 30000,
    .max_file_size = 32 * MIB,
    .max_definition_size = 128 * MIB,
    .max_files = 1024,
    .max_include_depth = 64,
};

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

    DEFAULT(max_frame_size, limits_default.max_frame_size);
    DEFAULT(max_message_memory, limits_default.max_message_memory);
    DEFAULT(max_string_size, limits.max_frame_size);
    DEFAULT(max_container_count, limits_default.max_container_count);
    DEFAULT(max_struct_depth, limits_default.max_struct_depth);
    DEFAULT(max_depth, limits_default.max_depth);
    DEFAULT(max_method_name_size, limits_default.max_method_name_size);
    DEFAULT(max_header_size, limits_default.max_header_size);
    DEFAULT(max_header_count, limits_default.max_header_count);
    DEFAULT(max_connections, limits_default.max_connections);
    DEFAULT(max_connections_per_peer, limits_default.max_connections_per_peer);
    DEFAULT(max_calls, limits_default.max_calls);
    DEFAULT(max_calls_per_connection, limits_default.max_calls_per_connection);
    DEFAULT(max_write_queue_size, limits_default.max_write_queue_size);
    DEFAULT(max_server_memory, limits_default.max_server_memory);
    DEFAULT(frame_timeout_ms, limits_default.frame_timeout_ms);
    DEFAULT(write_timeout_ms, limits_default.write_timeout_ms);
    DEFAULT(handshake_timeout_ms, limits_default.handshake_timeout_ms);
    DEFAULT(drain_timeout_ms, limits_default.drain_timeout_ms);
    DEFAULT(max_file_size, limits_default.max_file_size);
    DEFAULT(max_definition_size, limits_default.max_definition_size);
    DEFAULT(max_files, limits_default.max_files);
    DEFAULT(max_include_depth, limits_default.max_include_depth);
    return limits;
}
