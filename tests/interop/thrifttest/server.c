/*
 * ThriftTest served dynamically, with the command line of Apache's cross test:
 *
 *     thrifttest-server [--definition=FILE] --port=N [--transport=…] [--protocol=…] …
 *
 * One server understands every protocol and transport, so that --protocol and --transport are only
 * checked. Ends on SIGHUP, SIGTERM and SIGINT.
 */
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "handlers.h"

#ifndef DEFINITION
#define DEFINITION "ThriftTest.thrift"
#endif

struct settings {
    const char *definition, *domain_socket;
    const char *protocol, *transport;
    bool abstract, activated, events;
    unsigned port, workers;
    size_t string_limit, container_limit;
};

static thrift_server *running; /* for the signal handler */

static void on_signal(int number)
{
    (void)number;
    thrift_server_shutdown(running);
    thrift_server_shutdown(running); /* the test's clients may keep their connections */
}

static int usage(FILE *to, int status)
{
    fprintf(to,
            "usage: thrifttest-server [options]\n"
            "  --definition=FILE          the definition of the service\n"
            "  --port=N                   TCP, IPv4 and IPv6 (default 9090; 0: any)\n"
            "  --domain-socket=PATH       a Unix socket instead\n"
            "  --abstract-namespace       the path is an abstract name\n"
            "  --emulate-socketactivation listen on an inherited socket\n"
            "  --protocol=P               binary, compact, json, header, multi, multic, multij, "
            "multih\n"
            "  --transport=T              buffered, framed, http, zlib, websocket\n"
            "  --zlib                     as --transport=zlib\n"
            "  --server-type=T            accepted; one server does for all\n"
            "  --workers=N, -n N          loop threads\n"
            "  --string-limit=N           bytes of a string\n"
            "  --container-limit=N        entries of a container\n"
            "  --processor-events         print the calls\n");
    return status;
}

static bool is_one_of(const char *name, const char *const *known)
{
    for (; *known != NULL; known++) {
        if (strcmp(name, *known) == 0) {
            return true;
        }
    }
    fprintf(stderr, "thrifttest-server: %s is not known\n", name);
    return false;
}

static bool known_wire(const struct settings *settings)
{
    static const char *const protocols[] = {"binary", "compact", "json",   "header", "multi",
                                            "multic", "multij",  "multih", NULL};
    static const char *const transports[] = {"buffered", "framed",    "http",
                                             "zlib",     "websocket", NULL};

    return is_one_of(settings->protocol, protocols) && is_one_of(settings->transport, transports);
}

static bool read_settings(int argc, char **argv, struct settings *out)
{
    enum { DEFINITION_FILE = 256, PORT, DOMAIN, ABSTRACT, ACTIVATED, PROTOCOL, TRANSPORT, ZLIB };
    enum { TYPE = 300, STRING_LIMIT, CONTAINER_LIMIT, EVENTS, TLS, PIPE };
    static const struct option options[] = {
        {"definition", required_argument, NULL, DEFINITION_FILE},
        {"port", required_argument, NULL, PORT},
        {"domain-socket", required_argument, NULL, DOMAIN},
        {"abstract-namespace", no_argument, NULL, ABSTRACT},
        {"emulate-socketactivation", no_argument, NULL, ACTIVATED},
        {"protocol", required_argument, NULL, PROTOCOL},
        {"transport", required_argument, NULL, TRANSPORT},
        {"zlib", no_argument, NULL, ZLIB},
        {"server-type", required_argument, NULL, TYPE},
        {"workers", required_argument, NULL, 'n'},
        {"string-limit", required_argument, NULL, STRING_LIMIT},
        {"container-limit", required_argument, NULL, CONTAINER_LIMIT},
        {"processor-events", no_argument, NULL, EVENTS},
        {"ssl", no_argument, NULL, TLS},
        {"pipe", required_argument, NULL, PIPE},
        {"help", no_argument, NULL, 'h'},
        {NULL, 0, NULL, 0}};
    int option;

    while ((option = getopt_long(argc, argv, "hn:", options, NULL)) != -1) {
        switch (option) {
        case DEFINITION_FILE:
            out->definition = optarg;
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
        case ACTIVATED:
            out->activated = true;
            break;
        case PROTOCOL:
            out->protocol = optarg;
            break;
        case TRANSPORT:
            out->transport = optarg;
            break;
        case ZLIB:
            out->transport = "zlib";
            break;
        case TYPE:
            break;
        case 'n':
            out->workers = (unsigned)strtoul(optarg, NULL, 10);
            break;
        case STRING_LIMIT:
            out->string_limit = strtoul(optarg, NULL, 10);
            break;
        case CONTAINER_LIMIT:
            out->container_limit = strtoul(optarg, NULL, 10);
            break;
        case EVENTS:
            out->events = true;
            break;
        case TLS:
            fprintf(stderr, "thrifttest-server: TLS is not supported yet\n");
            return false;
        case PIPE:
            fprintf(stderr, "thrifttest-server: named pipes are Windows'\n");
            return false;
        case 'h':
            exit(usage(stdout, 0));
        default:
            return false;
        }
    }
    return optind == argc && known_wire(out);
}

/* What systemd does before it starts a service: a socket that listens, as descriptor 3. */
static bool inherit_socket(const struct settings *settings)
{
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    char own[32];
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);

    (void)snprintf(at.sun_path, sizeof at.sun_path, "%s", settings->domain_socket);
    (void)unlink(at.sun_path);
    if (fd < 0 || bind(fd, (struct sockaddr *)&at, sizeof at) != 0 || listen(fd, 100) != 0) {
        fprintf(stderr, "thrifttest-server: %s: %s\n", at.sun_path, strerror(errno));
        return false;
    }
    if (fd != 3) {
        (void)dup2(fd, 3);
        (void)close(fd);
    }
    (void)snprintf(own, sizeof own, "%ld", (long)getpid());
    return setenv("LISTEN_FDS", "1", 1) == 0 && setenv("LISTEN_PID", own, 1) == 0;
}

static void print_address(const struct settings *settings, char *out, size_t size)
{
    if (settings->activated) {
        (void)snprintf(out, size, "systemd:");
    } else if (settings->domain_socket != NULL) {
        (void)snprintf(out, size, "unix:%s%s", settings->abstract ? "@" : "",
                       settings->domain_socket);
    } else {
        (void)snprintf(out, size, "tcp://[::]:%u", settings->port);
    }
}

static void print_log(int level, const char *line, void *data)
{
    (void)data;
    fprintf(stderr, "%d %s\n", level, line);
}

static thrift_status print_call(thrift_call *call, void *context)
{
    (void)context;
    printf("%s called\n", thrift_call_name(call));
    return THRIFT_OK;
}

static void handle_signals(void)
{
    struct sigaction action = {.sa_handler = on_signal};
    const int numbers[] = {SIGHUP, SIGINT, SIGTERM};

    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        (void)sigaction(numbers[i], &action, NULL);
    }
}

static int serve(const struct settings *settings)
{
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_server_options options = THRIFT_SERVER_OPTIONS_INIT;
    thrift_schema *schema = thrift_load(settings->definition, &err);
    thrift_registry *registry = thrift_registry_new();
    char address[256];

    bind_thrifttest(registry);
    if (settings->events) {
        (void)thrift_intercept(registry, "*", print_call, NULL, NULL);
    }
    options.keep_signals = true;
    options.early_handlers = true; /* a definition without testUuid */
    options.loops = settings->workers;
    options.default_service = "ThriftTest";
    options.limits.struct_size = sizeof options.limits;
    options.limits.max_string_size = settings->string_limit;
    options.limits.max_container_count = settings->container_limit;
    options.log = print_log;
    running = thrift_server_new(schema, registry, &options, &err);
    print_address(settings, address, sizeof address);
    if (thrift_server_listen(running, address, &err) == THRIFT_OK) {
        handle_signals();
        printf("Starting \"rethrift\" server (%s/%s) listen on: %s\n", settings->transport,
               settings->protocol, thrift_server_address(running, 0));
        fflush(stdout);
    }
    (void)thrift_server_run(running, &err);
    thrift_error_print(&err, stderr);
    thrift_server_free(running);
    thrift_registry_free(registry);
    thrift_schema_unref(schema);
    return err.code != THRIFT_OK;
}

int main(int argc, char **argv)
{
    struct settings settings = {
        .definition = DEFINITION, .protocol = "binary", .transport = "buffered", .port = 9090};

    if (!read_settings(argc, argv, &settings)) {
        return usage(stderr, 2);
    }
    if (settings.activated && (settings.domain_socket == NULL || !inherit_socket(&settings))) {
        return 1;
    }
    return serve(&settings);
}
