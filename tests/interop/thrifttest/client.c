/*
 * The client of ThriftTest, with the command line of Apache's cross test:
 *
 *     thrifttest-client [--definition=FILE] --port=N [--transport=…] [--protocol=…] …
 *
 * The exit status is the sum of what was wrong: 1 base types, 2 structs, 4 containers, 8
 * exceptions, 64 anything else. Sequence ids begin close to their largest, so that they turn
 * negative.
 */
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "checks.h"

#ifndef DEFINITION
#define DEFINITION "ThriftTest.thrift"
#endif

#define WRONG_UNKNOWN 64
#define UNTESTED (WRONG_BASE_TYPES | WRONG_STRUCTS | WRONG_CONTAINERS | WRONG_EXCEPTIONS)

struct settings {
    const char *definition, *host, *domain_socket, *http_path;
    const char *protocol, *transport;
    bool abstract, zlib, no_uuid, no_application_errors, small, no_oneway;
    unsigned port, loops;
};

static int usage(FILE *to, int status)
{
    fprintf(to, "usage: thrifttest-client [options]\n"
                "  --definition=FILE     the definition of the service\n"
                "  --host=NAME --port=N  (default localhost 9090)\n"
                "  --domain-socket=PATH  a Unix socket instead\n"
                "  --abstract-namespace  the path is an abstract name\n"
                "  --protocol=P          binary, compact, json, header, multi, multic, multij, "
                "multih\n"
                "  --transport=T         buffered, framed, http, zlib, websocket\n"
                "  --zlib                as --transport=zlib\n"
                "  --http-path=PATH      (default /service)\n"
                "  --no-uuid             the peer does not know the type\n"
                "  --no-application-errors  the peer closes the connection instead\n"
                "  --small               binaries of at most 4 KiB\n"
                "  --no-oneway           the peer does not answer oneway calls in HTTP\n"
                "  --testloops=N, -n N   so often\n");
    return status;
}

static bool read_settings(int argc, char **argv, struct settings *out)
{
    enum { DEFINITION_FILE = 256, HOST, PORT, DOMAIN, ABSTRACT, PROTOCOL, TRANSPORT, ZLIB };
    enum { HTTP_PATH = 300, NO_UUID, NO_ERRORS, SMALL, NO_ONEWAY, IGNORED, TLS, PIPE };
    static const struct option options[] = {
        {"definition", required_argument, NULL, DEFINITION_FILE},
        {"host", required_argument, NULL, HOST},
        {"port", required_argument, NULL, PORT},
        {"domain-socket", required_argument, NULL, DOMAIN},
        {"abstract-namespace", no_argument, NULL, ABSTRACT},
        {"protocol", required_argument, NULL, PROTOCOL},
        {"transport", required_argument, NULL, TRANSPORT},
        {"zlib", no_argument, NULL, ZLIB},
        {"http-path", required_argument, NULL, HTTP_PATH},
        {"no-uuid", no_argument, NULL, NO_UUID},
        {"no-application-errors", no_argument, NULL, NO_ERRORS},
        {"small", no_argument, NULL, SMALL},
        {"no-oneway", no_argument, NULL, NO_ONEWAY},
        {"testloops", required_argument, NULL, 'n'},
        {"threads", required_argument, NULL, 't'},
        {"noinsane", no_argument, NULL, IGNORED},
        {"ssl", no_argument, NULL, TLS},
        {"pipe", required_argument, NULL, PIPE},
        {"help", no_argument, NULL, 'h'},
        {NULL, 0, NULL, 0}};
    int option;

    while ((option = getopt_long(argc, argv, "hn:t:", options, NULL)) != -1) {
        switch (option) {
        case DEFINITION_FILE:
            out->definition = optarg;
            break;
        case HOST:
            out->host = optarg;
            break;
        case PORT:
            out->port = (unsigned)strtoul(optarg, NULL, 10);
            break;
        case DOMAIN:
            out->domain_socket = optarg;
            break;
        case ABSTRACT:
            out->abstract = true;
            break;
        case PROTOCOL:
            out->protocol = optarg;
            break;
        case TRANSPORT:
            out->transport = optarg;
            break;
        case ZLIB:
            out->zlib = true;
            break;
        case HTTP_PATH:
            out->http_path = optarg;
            break;
        case SMALL:
            out->small = true;
            break;
        case NO_ONEWAY:
            out->no_oneway = true;
            break;
        case NO_ERRORS:
            out->no_application_errors = true;
            break;
        case NO_UUID:
            out->no_uuid = true;
            break;
        case 'n':
            out->loops = (unsigned)strtoul(optarg, NULL, 10);
            break;
        case 't':
        case IGNORED:
            break;
        case TLS:
            fprintf(stderr, "thrifttest-client: TLS is not supported yet\n");
            return false;
        case PIPE:
            fprintf(stderr, "thrifttest-client: named pipes are Windows'\n");
            return false;
        case 'h':
            exit(usage(stdout, 0));
        default:
            return false;
        }
    }
    return optind == argc;
}

/* Apache's names of protocols, as options of our addresses. */
static const struct wire_name {
    const char *name, *options;
    bool multiplexed, header;
} wire_names[] = {
    {"binary", "protocol=binary", false, false}, {"compact", "protocol=compact", false, false},
    {"json", "protocol=json", false, false},     {"header", "protocol=compact", false, true},
    {"multi", "protocol=binary", true, false},   {"multic", "protocol=compact", true, false},
    {"multij", "protocol=json", true, false},    {"multih", "protocol=compact", true, true},
};

static const struct wire_name *find_wire(const char *name)
{
    for (size_t i = 0; i < sizeof wire_names / sizeof wire_names[0]; i++) {
        if (strcmp(wire_names[i].name, name) == 0) {
            return &wire_names[i];
        }
    }
    fprintf(stderr, "thrifttest-client: protocol %s is not known\n", name);
    return NULL;
}

static void print_address(const struct settings *settings, const struct wire_name *wire,
                          const char *service, char *out, size_t size)
{
    const char *transport = settings->transport;
    bool http = strcmp(settings->transport, "http") == 0;
    char place[160];

    if (settings->domain_socket != NULL) {
        (void)snprintf(place, sizeof place, "unix:%s%s", settings->abstract ? "@" : "",
                       settings->domain_socket);
    } else {
        (void)snprintf(place, sizeof place, "tcp://%s:%u", settings->host, settings->port);
    }
    (void)snprintf(out, size, "%s?%s&transport=%s%s%s%s%s%s%s", place, wire->options, transport,
                   wire->header ? "&transport=header" : "", http ? "&path=" : "",
                   http ? settings->http_path : "",
                   settings->zlib && strcmp(transport, "zlib") != 0 ? "&compress=zlib" : "",
                   wire->multiplexed ? "&service=" : "", wire->multiplexed ? service : "");
}

static thrift_client *open_client(const struct settings *settings, const struct wire_name *wire,
                                  const char *service, thrift_schema *schema)
{
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_client *client;
    char address[384];

    print_address(settings, wire, service, address, sizeof address);
    client = thrift_client_open(
        address, schema, service,
        THRIFT_CLIENT_OPTIONS(.first_sequence_id = INT32_MAX - 10, .call_timeout_ms = 15000), &err);
    thrift_error_print(&err, stderr);
    return client;
}

/* Bits of what was wrong. */
static int run_once(const struct settings *settings, const struct wire_name *wire,
                    thrift_schema *schema)
{
    struct tested tested = {.schema = schema,
                            .uuid = !settings->no_uuid,
                            .application_errors = !settings->no_application_errors,
                            .small = settings->small,
                            .no_oneway = settings->no_oneway};

    /* One connection after the other: a simple server serves one at a time. */
    if (wire->multiplexed) {
        tested.client = open_client(settings, wire, "SecondService", schema);
        check_second(&tested);
        thrift_client_free(tested.client);
    }
    tested.client = open_client(settings, wire, "ThriftTest", schema);
    if (tested.client == NULL) {
        return WRONG_UNKNOWN | UNTESTED;
    }
    check_base_types(&tested);
    check_structs(&tested);
    check_containers(&tested);
    check_exceptions(&tested);
    thrift_client_free(tested.client);
    return tested.wrong;
}

int main(int argc, char **argv)
{
    struct settings settings = {.definition = DEFINITION,
                                .host = "localhost",
                                .http_path = "/service",
                                .protocol = "binary",
                                .transport = "buffered",
                                .port = 9090,
                                .loops = 1};
    thrift_error err = THRIFT_ERROR_INIT;
    const struct wire_name *wire;
    thrift_schema *schema;
    int wrong = 0;

    if (!read_settings(argc, argv, &settings) || (wire = find_wire(settings.protocol)) == NULL) {
        return usage(stderr, WRONG_UNKNOWN | UNTESTED);
    }
    schema = thrift_load(settings.definition, &err);
    thrift_error_print(&err, stderr);
    for (unsigned i = 0; i < settings.loops && schema != NULL; i++) {
        wrong |= run_once(&settings, wire, schema);
    }
    thrift_schema_unref(schema);
    printf("%d\n", wrong);
    return schema == NULL ? WRONG_UNKNOWN | UNTESTED : wrong;
}
