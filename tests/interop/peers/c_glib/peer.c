/*
 * Apache's C library (c_glib) with code that `thrift --gen c_glib` made.
 *
 *     peer client|server --port=N --protocol=P --transport=T …
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <thrift/c_glib/processor/thrift_multiplexed_processor.h>
#include <thrift/c_glib/protocol/thrift_binary_protocol.h>
#include <thrift/c_glib/protocol/thrift_binary_protocol_factory.h>
#include <thrift/c_glib/protocol/thrift_compact_protocol.h>
#include <thrift/c_glib/protocol/thrift_compact_protocol_factory.h>
#include <thrift/c_glib/protocol/thrift_multiplexed_protocol.h>
#include <thrift/c_glib/server/thrift_simple_server.h>
#include <thrift/c_glib/transport/thrift_buffered_transport.h>
#include <thrift/c_glib/transport/thrift_buffered_transport_factory.h>
#include <thrift/c_glib/transport/thrift_framed_transport.h>
#include <thrift/c_glib/transport/thrift_framed_transport_factory.h>
#include <thrift/c_glib/transport/thrift_server_socket.h>
#include <thrift/c_glib/transport/thrift_socket.h>
#include <thrift/c_glib/transport/thrift_zlib_transport.h>
#include <thrift/c_glib/transport/thrift_zlib_transport_factory.h>

#include "checks.h"
#include "handlers.h"

static gchar *host = "localhost", *domain_socket, *protocol = "binary", *transport = "buffered";
static gint port = 9090;

static const GOptionEntry entries[] = {
    {"host", 0, 0, G_OPTION_ARG_STRING, &host, NULL, NULL},
    {"port", 0, 0, G_OPTION_ARG_INT, &port, NULL, NULL},
    {"domain-socket", 0, 0, G_OPTION_ARG_STRING, &domain_socket, NULL, NULL},
    {"protocol", 0, 0, G_OPTION_ARG_STRING, &protocol, NULL, NULL},
    {"transport", 0, 0, G_OPTION_ARG_STRING, &transport, NULL, NULL},
    G_OPTION_ENTRY_NULL};

static gboolean is_multiplexed(void) { return g_str_has_prefix(protocol, "multi"); }

static gboolean is_compact(void)
{
    return strcmp(protocol, "compact") == 0 || strcmp(protocol, "multic") == 0;
}

static int fail(const char *what, GError *error)
{
    fprintf(stderr, "%s: %s\n", what, error == NULL ? "failed" : error->message);
    g_clear_error(&error);
    return 1;
}

/* ---- server ---- */

static gpointer new_processor(void)
{
    gpointer first = g_object_new(T_TEST_TYPE_THRIFT_TEST_PROCESSOR, "handler",
                                  g_object_new(first_handler_get_type(), NULL), NULL);
    gpointer second, several;

    if (!is_multiplexed()) {
        return first;
    }
    second = g_object_new(T_TEST_TYPE_SECOND_SERVICE_PROCESSOR, "handler",
                          g_object_new(second_handler_get_type(), NULL), NULL);
    several = g_object_new(THRIFT_TYPE_MULTIPLEXED_PROCESSOR, "default", "ThriftTest", NULL);
    thrift_multiplexed_processor_register_processor(several, "ThriftTest", first, NULL);
    thrift_multiplexed_processor_register_processor(several, "SecondService", second, NULL);
    return several;
}

static gpointer new_transport_factory(void)
{
    if (strcmp(transport, "zlib") == 0) {
        return g_object_new(THRIFT_TYPE_ZLIB_TRANSPORT_FACTORY, NULL);
    }
    return g_object_new(strcmp(transport, "framed") == 0 ? THRIFT_TYPE_FRAMED_TRANSPORT_FACTORY
                                                         : THRIFT_TYPE_BUFFERED_TRANSPORT_FACTORY,
                        NULL);
}

static int serve(void)
{
    gpointer socket = domain_socket != NULL
                          ? g_object_new(THRIFT_TYPE_SERVER_SOCKET, "path", domain_socket, NULL)
                          : g_object_new(THRIFT_TYPE_SERVER_SOCKET, "port", port, NULL);
    gpointer protocols = g_object_new(is_compact() ? THRIFT_TYPE_COMPACT_PROTOCOL_FACTORY
                                                   : THRIFT_TYPE_BINARY_PROTOCOL_FACTORY,
                                      NULL);
    ThriftServer *server =
        g_object_new(THRIFT_TYPE_SIMPLE_SERVER, "processor", new_processor(), "server_transport",
                     socket, "input_transport_factory", new_transport_factory(),
                     "output_transport_factory", new_transport_factory(), "input_protocol_factory",
                     protocols, "output_protocol_factory", g_object_ref(protocols), NULL);
    GError *error = NULL;

    return thrift_server_serve(server, &error) ? 0 : fail("serving", error);
}

/* ---- client ---- */

static ThriftTransport *new_transport(void)
{
    gpointer socket = domain_socket != NULL
                          ? g_object_new(THRIFT_TYPE_SOCKET, "path", domain_socket, NULL)
                          : g_object_new(THRIFT_TYPE_SOCKET, "hostname", host, "port", port, NULL);
    GType kind = strcmp(transport, "framed") == 0 ? THRIFT_TYPE_FRAMED_TRANSPORT
                 : strcmp(transport, "zlib") == 0 ? THRIFT_TYPE_ZLIB_TRANSPORT
                                                  : THRIFT_TYPE_BUFFERED_TRANSPORT;

    return g_object_new(kind, "transport", socket, NULL);
}

static gpointer protocol_for(ThriftTransport *connection, gpointer wire, const char *service)
{
    return is_multiplexed()
               ? g_object_new(THRIFT_TYPE_MULTIPLEXED_PROTOCOL, "transport", connection, "protocol",
                              wire, "service-name", service, NULL)
               : g_object_ref(wire);
}

static int call(void)
{
    ThriftTransport *connection = new_transport();
    gpointer wire =
        g_object_new(is_compact() ? THRIFT_TYPE_COMPACT_PROTOCOL : THRIFT_TYPE_BINARY_PROTOCOL,
                     "transport", connection, NULL);
    gpointer first = protocol_for(connection, wire, "ThriftTest"), second;
    gpointer client = g_object_new(T_TEST_TYPE_THRIFT_TEST_CLIENT, "input_protocol", first,
                                   "output_protocol", first, NULL);
    GError *error = NULL;
    int wrong;

    if (!thrift_transport_open(connection, &error)) {
        return fail("opening", error);
    }
    wrong = check_base_types(client) + check_structs(client) + check_containers(client) +
            check_exceptions(client);
    if (is_multiplexed()) {
        second = protocol_for(connection, wire, "SecondService");
        wrong += check_second(g_object_new(T_TEST_TYPE_SECOND_SERVICE_CLIENT, "input_protocol",
                                           second, "output_protocol", second, NULL));
    }
    (void)thrift_transport_close(connection, NULL);
    return wrong == 0 ? 0 : 1;
}

int main(int argc, char **argv)
{
    GOptionContext *context = g_option_context_new("client|server");
    GError *error = NULL;

    g_option_context_add_main_entries(context, entries, NULL);
    if (!g_option_context_parse(context, &argc, &argv, &error) || argc != 2) {
        return fail("options", error);
    }
    (void)signal(SIGPIPE, SIG_IGN);
    return strcmp(argv[1], "server") == 0 ? serve() : call();
}
