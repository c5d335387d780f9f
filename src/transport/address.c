/*
 * Parsing and printing of addresses. Nothing is resolved here.
 */
#include "transport/address.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>

#include "base/error.h"
#include "base/text.h"

_Static_assert(ADDRESS_PATH_SIZE == sizeof((struct sockaddr_un *)NULL)->sun_path,
               "a Unix path fits exactly");

static thrift_status refuse(const char *text, const char *why, thrift_error *err)
{
    char quoted[TEXT_QUOTED_SIZE];

    return FAIL(err, THRIFT_E_ARGUMENT, "address %s: %s", text_quote(text, strlen(text), quoted),
                why);
}

static bool parse_port(const char *text, uint16_t *out)
{
    unsigned port = 0;
    size_t size = strlen(text);

    if (size == 0 || size > 5) {
        return false;
    }
    for (size_t i = 0; i < size; i++) {
        if (text[i] < '0' || text[i] > '9') {
            return false;
        }
        port = port * 10 + (unsigned)(text[i] - '0');
    }
    *out = (uint16_t)port;
    return port <= UINT16_MAX;
}

/* "host:port" or "[::1]:port"; `rest` has no query any more. */
static const char *parse_host_port(const char *rest, struct address *out)
{
    const char *host = rest, *end, *port;

    if (*rest == '[') {
        host = rest + 1;
        end = strchr(host, ']');
        if (end == NULL || end[1] != ':') {
            return "an IPv6 address is written [::1]:9090";
        }
        port = end + 2;
    } else {
        end = strrchr(rest, ':');
        if (end == NULL) {
            return "the port is missing, as in tcp://127.0.0.1:9090";
        }
        if (memchr(rest, ':', (size_t)(end - rest)) != NULL) {
            return "an IPv6 address is written [::1]:9090";
        }
        port = end + 1;
    }
    if (end == host) {
        return "the host is missing; 0.0.0.0 or [::] stand for all interfaces";
    }
    if ((size_t)(end - host) >= sizeof out->host) {
        return "the host is too long";
    }
    if (!parse_port(port, &out->port)) {
        return "the port is not a number from 0 to 65535";
    }
    memcpy(out->host, host, (size_t)(end - host));
    return NULL;
}

static const char *parse_path(const char *rest, struct address *out)
{
    size_t size = strlen(rest);

    if (size == 0 || (size == 1 && rest[0] == '@')) {
        return "the path is missing, as in unix:/run/service.sock";
    }
    if (size >= sizeof out->path) {
        return "a Unix socket's path has at most 107 bytes";
    }
    memcpy(out->path, rest, size + 1);
    return NULL;
}

static const char *parse_kind(const char *text, struct address *out)
{
    static const char *const later[] = {"tls:", "http:", "https:", "ws:", "wss:"};

    if (strncmp(text, "tcp://", 6) == 0) {
        out->kind = ADDRESS_TCP;
        return parse_host_port(text + 6, out);
    }
    if (strncmp(text, "unix:", 5) == 0) {
        out->kind = ADDRESS_UNIX;
        return parse_path(text + 5, out);
    }
    if (strncmp(text, "udp://", 6) == 0) {
        out->kind = ADDRESS_UDP;
        return parse_host_port(text + 6, out);
    }
    if (strncmp(text, "systemd:", 8) == 0) {
        out->kind = ADDRESS_INHERITED;
        return text[8] != '\0' ? parse_path(text + 8, out) : NULL;
    }
    if (strncmp(text, "fd:", 3) == 0) {
        out->kind = ADDRESS_DESCRIPTOR;
        return parse_port(text + 3, &out->port) ? NULL : "a descriptor's number follows fd:";
    }
    for (size_t i = 0; i < sizeof later / sizeof later[0]; i++) {
        if (strncmp(text, later[i], strlen(later[i])) == 0) {
            return "this kind of address is not supported; tcp://, udp:// and unix: are";
        }
    }
    return "an address begins with tcp://, udp://, unix:, systemd: or fd:";
}

thrift_status address_parse(const char *text, struct address *out, thrift_error *err)
{
    char bare[ADDRESS_TEXT_SIZE];
    struct address parsed = {.kind = ADDRESS_TCP};
    const char *query, *wrong;

    if (text == NULL) {
        return FAIL(err, THRIFT_E_ARGUMENT, "no address is given");
    }
    query = strchr(text, '?');
    size_t size = query != NULL ? (size_t)(query - text) : strlen(text);

    if (size >= sizeof bare) {
        return refuse(text, "too long", err);
    }
    memcpy(bare, text, size);
    bare[size] = '\0';
    if (query != NULL) {
        if (strlen(query + 1) >= sizeof parsed.query) {
            return refuse(text, "too many options", err);
        }
        memcpy(parsed.query, query + 1, strlen(query));
    }
    wrong = parse_kind(bare, &parsed);
    if (wrong != NULL) {
        return refuse(text, wrong, err);
    }
    *out = parsed;
    return THRIFT_OK;
}

const char *address_print(const struct address *address, char out[ADDRESS_TEXT_SIZE])
{
    bool brackets = strchr(address->host, ':') != NULL;

    if (address->kind == ADDRESS_UNIX) {
        (void)snprintf(out, ADDRESS_TEXT_SIZE, "unix:%s", address->path);
    } else if (address->kind == ADDRESS_INHERITED) {
        (void)snprintf(out, ADDRESS_TEXT_SIZE, "systemd:%s", address->path);
    } else if (address->kind == ADDRESS_DESCRIPTOR) {
        (void)snprintf(out, ADDRESS_TEXT_SIZE, "fd:%u", (unsigned)address->port);
    } else {
        (void)snprintf(out, ADDRESS_TEXT_SIZE, "%s://%s%s%s:%u",
                       address->kind == ADDRESS_UDP ? "udp" : "tcp", brackets ? "[" : "",
                       address->host, brackets ? "]" : "", (unsigned)address->port);
    }
    return out;
}

static void print_unix(const struct sockaddr_un *from, socklen_t size, char *out)
{
    size_t head = offsetof(struct sockaddr_un, sun_path);
    size_t length = size > head ? size - head : 0;

    if (length > sizeof from->sun_path) {
        length = sizeof from->sun_path;
    }
    if (length > 0 && from->sun_path[0] == '\0') {
        (void)snprintf(out, ADDRESS_TEXT_SIZE, "unix:@%.*s", (int)length - 1, from->sun_path + 1);
    } else {
        (void)snprintf(out, ADDRESS_TEXT_SIZE, "unix:%.*s", (int)length, from->sun_path);
    }
}

const char *address_print_socket(const struct sockaddr *from, socklen_t size,
                                 char out[ADDRESS_TEXT_SIZE])
{
    struct address address = {.kind = ADDRESS_TCP};
    char port[8];

    if (from->sa_family == AF_UNIX) {
        struct sockaddr_un path = {0};

        memcpy(&path, from, size < sizeof path ? size : sizeof path);
        print_unix(&path, size, out);
        return out;
    }
    if (getnameinfo(from, size, address.host, sizeof address.host, port, sizeof port,
                    NI_NUMERICHOST | NI_NUMERICSERV) != 0 ||
        !parse_port(port, &address.port)) {
        (void)snprintf(out, ADDRESS_TEXT_SIZE, "unknown");
        return out;
    }
    return address_print(&address, out);
}

socklen_t address_to_unix(const struct address *address, struct sockaddr_storage *out)
{
    struct sockaddr_un path = {.sun_family = AF_UNIX};
    size_t size = strlen(address->path);

    memcpy(path.sun_path, address->path, size);
    if (path.sun_path[0] == '@') {
        path.sun_path[0] = '\0'; /* an abstract name ends where the size says */
    } else {
        size++;
    }
    memset(out, 0, sizeof *out);
    memcpy(out, &path, sizeof path);
    return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + size);
}

static bool copy_part(const char *from, size_t size, char *out, size_t room)
{
    bool fits = size < room;

    memcpy(out, from, fits ? size : 0);
    out[fits ? size : 0] = '\0';
    return fits;
}

bool address_next_option(const char **at, struct address_option *out)
{
    const char *option = *at;
    size_t size = strcspn(option, "&");
    size_t name = strcspn(option, "=&");
    size_t value = name < size ? name + 1 : size;

    if (*option == '\0') {
        return false;
    }
    *at = option + size + (option[size] == '&');
    if (!copy_part(option, name, out->name, sizeof out->name) ||
        !copy_part(option + value, size - value, out->value, sizeof out->value)) {
        out->name[0] = '\0';
    }
    return true;
}
