/**
 * Server: a definition and a registry on addresses. A builder until it runs: a failed listen or
 * watch stays with it, and thrift_server_run() then fails and leaves err as that failure wrote it.
 */
#ifndef RETHRIFT_SERVER_H
#define RETHRIFT_SERVER_H

#include <rethrift/codec.h>
#include <rethrift/registry.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct thrift_server thrift_server;

/**
 * Zero means default. A member that this version does not support yet is refused when it is set,
 * with E_ARGUMENT: it is never silently ignored.
 */
typedef struct thrift_server_options {
    size_t struct_size;
    uint32_t loops;      /**< threads that do I/O and run handlers; default 1, at most 256 */
    uint32_t workers;    /**< not supported yet: threads for blocking handlers */
    bool early_handlers; /**< allow handlers of methods that the definition does not have (yet) */
    bool every_method;   /**< refuse a definition with a method that nobody handles */
    bool keep_signals;   /**< do not stop on SIGTERM, SIGINT, reload on SIGHUP */
    bool watch;          /**< follow the definition's files with the default policy (reload.h) */
    bool reflection;     /**< serve the reflection service (idl/reflection.thrift) as well */
    bool control;        /**< and its control service: whoever can connect may ask for a reload */
    unsigned protocols;  /**< bits 1 << thrift_protocol; default all */
    unsigned wires;      /**< bits 1 << thrift_wire; default all that the build has */
    const char
        *default_service; /**< for names without one; default the definition's only service */
    /** Ends with NULL: sites ("https://app.example", "http://localhost:3000", "*" for all) whose
     * pages may call over HTTP and WebSocket. Default: pages of the host and port that they call.
     */
    const char *const *origins;
    const char *tls_certificate, *tls_key, *tls_client_ca; /**< not supported yet */
    thrift_codec_options codec;
    thrift_limits limits;
    void (*log)(int level, const char *line, void *data); /**< syslog's levels; default: silence */
    /** Called once, in a loop's thread: connections are accepted, and thrift_server_run() handles
     * SIGTERM, SIGINT and SIGHUP. It must not wait for the server. */
    void (*started)(thrift_server *server, void *data);
    void *data;                        /**< for log and started */
    const thrift_allocator *allocator; /**< must be safe in any thread; default malloc */
} thrift_server_options;
#define THRIFT_SERVER_OPTIONS_INIT THRIFT_OPTIONS_INIT_(thrift_server_options)
#define THRIFT_SERVER_OPTIONS(...) THRIFT_OPTIONS_(thrift_server_options, __VA_ARGS__)

/**
 * Schema and registry are shared: free them when you like. A handler whose method the definition
 * lacks is E_NAME (a misspelling, most of the time) unless early_handlers is set. Release with
 * thrift_server_free(). NULL: E_NAME, E_ARGUMENT (an option), E_NOMEM, E_IO. Threads: any.
 */
THRIFT_API THRIFT_NODISCARD thrift_server *thrift_server_new(thrift_schema *schema,
                                                             thrift_registry *registry,
                                                             const thrift_server_options *options,
                                                             thrift_error *err);

/**
 * The whole life of a server with one address: new, listen, run until SIGTERM, free. `err` as these
 * write it. For anything more, use the steps below.
 */
THRIFT_API thrift_status thrift_serve(thrift_schema *schema, thrift_registry *registry,
                                      const char *address, const thrift_server_options *options,
                                      thrift_error *err);

/**
 * "tcp://127.0.0.1:9090", "tcp://[::]:9090" (IPv4 too), port 0 for any; "unix:/path",
 * "unix:@abstract"; "udp://127.0.0.1:6831" (a message in each datagram, never answered);
 * "systemd:", "systemd:name" (inherited sockets, LISTEN_FDS), "fd:3". Several times for several
 * addresses. The socket is open when this returns. Before the start. E_ARGUMENT: not an address;
 * E_IO: port in use, …; E_STATE. Threads: owner.
 */
THRIFT_API thrift_status thrift_server_listen(thrift_server *server, const char *address,
                                              thrift_error *err);
/** The i-th address with its real port; NULL behind the last. Lives as long as the server. Threads:
 * owner. */
THRIFT_API const char *thrift_server_address(const thrift_server *server, size_t i);

/**
 * Serve until SIGTERM, SIGINT or thrift_server_shutdown(), answer what was read, return. A failed
 * thrift_server_listen() comes back here. E_STATE: no address, or it ran before; E_IO. Threads:
 * owner, never a handler.
 */
THRIFT_API thrift_status thrift_server_run(thrift_server *server, thrift_error *err);
/** The same without blocking the caller, and without looking at signals: start, and later wait. */
THRIFT_API thrift_status thrift_server_start(thrift_server *server, thrift_error *err);
THRIFT_API thrift_status thrift_server_wait(thrift_server *server, thrift_error *err);
/** Begin the drain; the second time, end at once. Threads: any, also handlers and signal handlers.
 */
THRIFT_API void thrift_server_shutdown(thrift_server *server);
/** Ends at once what still runs; not from a handler. NULL allowed. */
THRIFT_API void thrift_server_free(thrift_server *server);

/** The number of the running generation, counted from 1. Threads: any. */
THRIFT_API uint64_t thrift_server_generation(const thrift_server *server);
/** What was bound and unbound since becomes the next generation, with the same definition. E_NAME
 * as in thrift_server_new(), E_NOMEM: the running generation stays. Threads: any. */
THRIFT_API thrift_status thrift_server_rebind(thrift_server *server, thrift_error *err);
/** The running definition; release with thrift_schema_unref(). Threads: any. */
THRIFT_API THRIFT_NODISCARD thrift_schema *thrift_server_schema(const thrift_server *server);
#ifdef __cplusplus
}
#endif
#endif
