/*
 * Apache Thrift for C (c_glib): generated GObjects over ThriftMemoryBuffer.
 *
 *   apache_c_glib DIRECTORY PROTOCOL     DIRECTORY holds the payloads' bytes
 *
 * The copy into the GByteArray is part of decoding: there is no other public way to feed a
 * ThriftMemoryBuffer.
 */
#include "bench_payloads_types.h"
#include "timing.h"
#include <thrift/c_glib/protocol/thrift_binary_protocol.h>
#include <thrift/c_glib/protocol/thrift_compact_protocol.h>
#include <thrift/c_glib/thrift.h>
#include <thrift/c_glib/transport/thrift_memory_buffer.h>

struct work {
    GType type;
    const char *bytes;
    size_t size;
    ThriftStruct *value;
    ThriftMemoryBuffer *out, *in;
    ThriftProtocol *writer, *reader;
};

static void fail(const char *what, const GError *error)
{
    fprintf(stderr, "%s: %s\n", what, error != NULL ? error->message : "no reason given");
    exit(1);
}

static void encode(void *context)
{
    struct work *work = context;
    GError *error = NULL;

    g_byte_array_set_size(work->out->buf, 0);
    if (thrift_struct_write(work->value, work->writer, &error) < 0) {
        fail("write", error);
    }
}

static ThriftStruct *read_value(struct work *work)
{
    ThriftStruct *value = g_object_new(work->type, NULL);
    GError *error = NULL;

    g_byte_array_set_size(work->in->buf, 0);
    g_byte_array_append(work->in->buf, (const guint8 *)work->bytes, (guint)work->size);
    if (thrift_struct_read(value, work->reader, &error) < 0) {
        fail("read", error);
    }
    return value;
}

static void decode(void *context) { g_object_unref(read_value(context)); }

static void measure(const char *directory, const char *protocol, GType protocol_type,
                    const char *payload, GType type)
{
    struct work work = {.type = type};
    char file[32], name[64];

    snprintf(file, sizeof file, "%s.%s", payload, protocol);
    snprintf(name, sizeof name, "apache-c_glib-%s", protocol);
    work.bytes = bench_load(directory, file, &work.size);
    work.out = g_object_new(THRIFT_TYPE_MEMORY_BUFFER, "buf_size", 4 << 20, NULL);
    work.in = g_object_new(THRIFT_TYPE_MEMORY_BUFFER, "buf_size", 4 << 20, NULL);
    work.writer = g_object_new(protocol_type, "transport", work.out, NULL);
    work.reader = g_object_new(protocol_type, "transport", work.in, NULL);
    work.value = read_value(&work);
    bench_run(name, payload, "encode", work.size, encode, &work);
    bench_run(name, payload, "decode", work.size, decode, &work);
}

int main(int argc, char **argv)
{
    const char *directory = argc > 2 ? argv[1] : NULL;
    const char *protocol = argc > 2 ? argv[2] : NULL;
    GType type;

    if (directory == NULL) {
        fprintf(stderr, "usage: %s DIRECTORY binary|compact\n", argv[0]);
        return 2;
    }
    type = strcmp(protocol, "compact") == 0 ? THRIFT_TYPE_COMPACT_PROTOCOL
                                            : THRIFT_TYPE_BINARY_PROTOCOL;
    measure(directory, protocol, type, "a", BENCH_TYPE_USER);
    measure(directory, protocol, type, "b", BENCH_TYPE_MIXED);
    measure(directory, protocol, type, "c", BENCH_TYPE_USERS);
    measure(directory, protocol, type, "d", BENCH_TYPE_NUMERIC);
    measure(directory, protocol, type, "e", BENCH_TYPE_DOCUMENT);
    measure(directory, protocol, type, "f", BENCH_TYPE_BLOB);
    return 0;
}
