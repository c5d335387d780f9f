#!/usr/bin/python3
"""Makes TYPE-NAME.c_glib.PROTOCOL beside it: what Apache's C library makes of make.py's vectors.

Needs Debian's thrift-compiler, libthrift-c-glib-dev and gcc. The files are committed. C, like C++,
always writes fields that are not optional; a union it writes like a struct, so there is none here.
"""
import pathlib
import subprocess
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
NAMES = ['Every-common', 'Every-long', 'Point-plain', 'Empty-empty', 'Defaults-defaults']

PROGRAM = """
#include "vectors_types.h"
#include <stdio.h>
#include <stdlib.h>
#include <thrift/c_glib/protocol/thrift_binary_protocol.h>
#include <thrift/c_glib/protocol/thrift_compact_protocol.h>
#include <thrift/c_glib/transport/thrift_memory_buffer.h>

#define SIZE_MOST 1000000

static ThriftProtocol *protocol_of(GType type, ThriftMemoryBuffer *memory)
{
    return g_object_new(type, "transport", memory, NULL);
}

static ThriftMemoryBuffer *memory_new(void)
{
    return g_object_new(THRIFT_TYPE_MEMORY_BUFFER, "buf_size", SIZE_MOST, NULL);
}

static void check(gint32 done, GError *error)
{
    if (done < 0) {
        fprintf(stderr, "%s\\n", error != NULL ? error->message : "failed");
        exit(1);
    }
}

static void write_file(const char *folder, const char *name, const char *protocol, GByteArray *bytes)
{
    gchar *path = g_strdup_printf("%s/%s.c_glib.%s", folder, name, protocol);

    if (!g_file_set_contents(path, (const gchar *)bytes->data, bytes->len, NULL)) {
        exit(1);
    }
    g_free(path);
}

static void convert(const char *folder, const char *name, GType type)
{
    gchar *path = g_strdup_printf("%s/%s.binary", folder, name), *data = NULL;
    gsize size = 0;
    GError *error = NULL;
    ThriftMemoryBuffer *in = memory_new();
    ThriftStruct *value = g_object_new(type, NULL);
    const struct {
        const char *name;
        GType type;
    } protocols[] = {{"binary", THRIFT_TYPE_BINARY_PROTOCOL},
                     {"compact", THRIFT_TYPE_COMPACT_PROTOCOL}};

    if (!g_file_get_contents(path, &data, &size, NULL)) {
        exit(1);
    }
    thrift_transport_write(THRIFT_TRANSPORT(in), data, size, &error);
    check(thrift_struct_read(value, protocol_of(THRIFT_TYPE_BINARY_PROTOCOL, in), &error), error);
    for (int i = 0; i < 2; i++) {
        ThriftMemoryBuffer *out = memory_new();
        GByteArray *bytes = NULL;

        check(thrift_struct_write(value, protocol_of(protocols[i].type, out), &error), error);
        g_object_get(out, "buf", &bytes, NULL);
        write_file(folder, name, protocols[i].name, bytes);
    }
}

int main(int argc, char **argv)
{
    const char *folder = argv[argc - 1];

CALLS
    return 0;
}
"""


def main():
    calls = ''.join(f'    convert(folder, "{name}", TYPE_{name.split("-")[0].upper()});\n'
                    for name in NAMES)
    flags = subprocess.run(['pkg-config', '--cflags', '--libs', 'thrift_c_glib'],
                           capture_output=True, text=True, check=True).stdout.split()
    with tempfile.TemporaryDirectory() as directory:
        subprocess.run(['thrift', '--gen', 'c_glib', '-out', directory, HERE / 'vectors.thrift'],
                       check=True, stderr=subprocess.DEVNULL)
        folder = pathlib.Path(directory)
        (folder / 'main.c').write_text(PROGRAM.replace('CALLS\n', calls))
        subprocess.run(['gcc', '-w', '-I', directory, folder / 'main.c',
                        *folder.glob('vectors_types.c'), '-o', folder / 'main', *flags], check=True)
        subprocess.run([folder / 'main', HERE], check=True)


if __name__ == '__main__':
    main()
