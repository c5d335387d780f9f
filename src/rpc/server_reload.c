/*
 * Reloading a server: attempts and following files, as programs ask for them.
 */
#include "base/error.h"
#include "rpc/options.h"
#include "rpc/parent.h"
#include "rpc/server.h"
#include "rpc/watch.h"

thrift_status thrift_server_reload(thrift_server *server, thrift_schema *schema,
                                   const thrift_reload_options *options, thrift_error *err)
{
    thrift_reload_options given;

    if (server == NULL) {
        return parent_failed(err, "server");
    }
    OPTIONS_COPY(&given, options);
    return reload_attempt(&server->reloads, schema, &given, NULL, NULL, err);
}

thrift_status thrift_server_watch(thrift_server *server, const thrift_reload_options *options,
                                  thrift_error *err)
{
    thrift_error own = THRIFT_ERROR_INIT;
    thrift_status status;

    if (server == NULL) {
        return parent_failed(err, "server");
    }
    status = watch_follow(server->watch, options, &own);
    return status == THRIFT_OK ? THRIFT_OK : server_remember(server, &own, err);
}

void thrift_server_request_reload(thrift_server *server)
{
    if (server != NULL) {
        watch_request(server->watch);
    }
}
