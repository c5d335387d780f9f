/*
 * Apache Thrift's only server for C (c_glib), framed binary: one connection at a time.
 *
 *   apache_c_glib_server PORT|PATH
 */
#include "bench_echo.h"
#include <stdlib.h>
#include <string.h>
#include <thrift/c_glib/protocol/thrift_binary_protocol_factory.h>
#include <thrift/c_glib/server/thrift_simple_server.h>
#include <thrift/c_glib/transport/thrift_framed_transport_factory.h>
#include <thrift/c_glib/transport/thrift_server_socket.h>

typedef struct {
    benchEchoHandler parent;
} Echo;

typedef struct {
    benchEchoHandlerClass parent;
} EchoClass;

G_DEFINE_TYPE(Echo, echo, BENCH_TYPE_ECHO_HANDLER)

static gboolean on_echo(benchEchoIf *self, benchUser **out, const benchUser *user, GError **error)
{
    (void)self;
    (void)error;
    g_object_set(*out, "id", user->id, "name", user->name, NULL);
    if (user->__isset_email) {
        g_object_set(*out, "email", user->email, NULL);
    }
    return TRUE;
}

static void echo_class_init(EchoClass *class) { ((benchEchoHandlerClass *)class)->echo = on_echo; }

static void echo_init(Echo *self) { (void)self; }

int main(int argc, char **argv)
{
    const char *address = argc > 1 ? argv[1] : "9090";
    Echo *handler = g_object_new(echo_get_type(), NULL);
    gpointer processor = g_object_new(BENCH_TYPE_ECHO_PROCESSOR, "handler", handler, NULL);
    gpointer framed = g_object_new(THRIFT_TYPE_FRAMED_TRANSPORT_FACTORY, NULL);
    gpointer binary = g_object_new(THRIFT_TYPE_BINARY_PROTOCOL_FACTORY, NULL);
    gpointer socket = strchr(address, '/') != NULL
                          ? g_object_new(THRIFT_TYPE_SERVER_SOCKET, "path", address, NULL)
                          : g_object_new(THRIFT_TYPE_SERVER_SOCKET, "port", atoi(address), NULL);
    gpointer server =
        g_object_new(THRIFT_TYPE_SIMPLE_SERVER, "processor", processor, "server_transport", socket,
                     "input_transport_factory", framed, "output_transport_factory", framed,
                     "input_protocol_factory", binary, "output_protocol_factory", binary, NULL);
    GError *error = NULL;

    thrift_server_serve(server, &error);
    return error != NULL;
}
