/*
 * Addresses: the text that programs give, taken apart, and printed again.
 *
 *     tcp://127.0.0.1:9090   tcp://[::1]:9090   tcp://name:0   unix:/path   unix:@abstract
 *     udp://127.0.0.1:6831   systemd:   systemd:name   fd:3                 for servers
 *
 * A client's address may end in "?protocol=compact&transport=framed"; what the options mean is the
 * client's business.
 */
#ifndef TRANSPORT_ADDRESS_H
#define TRANSPORT_ADDRESS_H

#include <rethrift/error.h>
#include <sys/socket.h>

#define ADDRESS_HOST_SIZE 256
#define ADDRESS_PATH_SIZE 108 /* sun_path, its NUL included */
#define ADDRESS_QUERY_SIZE 256
#define ADDRESS_TEXT_SIZE (ADDRESS_HOST_SIZE + 16)

enum address_kind {
    ADDRESS_TCP,
    ADDRESS_UNIX,
    ADDRESS_UDP,
    ADDRESS_INHERITED, /* by systemd's environment */
    ADDRESS_DESCRIPTOR /* open already */
};

struct address {
    enum address_kind kind;
    uint16_t port;                  /* TCP, UDP; a descriptor's number */
    char host[ADDRESS_HOST_SIZE];   /* TCP, UDP: a name or number, without brackets */
    char path[ADDRESS_PATH_SIZE];   /* Unix: an abstract name begins with '@'; systemd: a name */
    char query[ADDRESS_QUERY_SIZE]; /* behind the '?', or empty */
};

/* E_ARGUMENT with what is wrong; *out untouched then. */
thrift_status address_parse(const char *text, struct address *out, thrift_error *err);

/* Without the query. Returns `out`. */
const char *address_print(const struct address *address, char out[ADDRESS_TEXT_SIZE]);
/* The same of a socket's address; "unix:" for a peer that has no name. */
const char *address_print_socket(const struct sockaddr *from, socklen_t size,
                                 char out[ADDRESS_TEXT_SIZE]);

/* A Unix address for connect() and bind(); the size of what was written. */
socklen_t address_to_unix(const struct address *address, struct sockaddr_storage *out);

/* One "name=value" of a query. */
struct address_option {
    char name[32];
    char value[96];
};
/* Steps through a query: false behind the last. *at starts as address->query. An option that does
 * not fit has an empty name. */
bool address_next_option(const char **at, struct address_option *out);

#endif
