/*
 * The methods of the reflection service.
 */
#include "rpc/reflection.h"

#include <string.h>

#include "base/clock.h"
#include "rpc/call.h"
#include "rpc/server.h"

const char reflection_idl[] =
    "/**\n"
    " * What a server says about itself, for tools that have nothing but its address.\n"
    " *\n"
    " * Served as \"Reflection:method\" (multiplexed) beside the program's own services, when its\n"
    " * `reflection` option is set.\n"
    " */\n"
    "namespace py rethrift.reflection\n"
    "\n"
    "struct Method {\n"
    "    1: string name,\n"
    "    2: bool oneway,\n"
    "    3: bool handled, /** a handler is bound; without one a call is answered with an error */\n"
    "}\n"
    "\n"
    "struct Service {\n"
    "    1: string name,\n"
    "    2: optional string extending,\n"
    "    3: list<Method> methods, /** inherited ones too */\n"
    "}\n"
    "\n"
    "struct File {\n"
    "    1: string path, /** as the program or an include names it; the root file comes first */\n"
    "    2: string text,\n"
    "}\n"
    "\n"
    "struct Generation {\n"
    "    1: i64 number,\n"
    "    2: string fingerprint, /** equal: the same on the wire */\n"
    "    3: i64 age_ms,\n"
    "}\n"
    "\n"
    "struct Reload {\n"
    "    1: string outcome, /** \"none\", \"published\", \"unchanged\", \"refused\", \"failed\" "
    "*/\n"
    "    2: string message, /** why it was refused or failed */\n"
    "    3: i64 attempts,\n"
    "    4: i64 failures, /** refused ones too */\n"
    "}\n"
    "\n"
    "service Reflection {\n"
    "    list<Service> services(),\n"
    "    list<File> files(),\n"
    "    Generation generation(),\n"
    "    Reload lastReload(),\n"
    "}\n";

static void add_methods(thrift_record *to, const struct generation *generation,
                        const struct served_service *served)
{
    thrift_list *methods = thrift_open_list(to, "methods");

    for (const thrift_service *at = served->service; at != NULL; at = at->parent) {
        for (size_t i = 0; i < at->method_count; i++) {
            const thrift_method *method = &at->methods[i];

            (void)thrift_set(thrift_list_add_record(methods), "name", method->node.name, "oneway",
                             method->oneway, "handled",
                             generation_handles(generation, served, method));
        }
    }
}

static thrift_status on_services(thrift_call *call, const thrift_record *args, void *context)
{
    const struct generation *generation = call->generation;
    thrift_list *services = thrift_call_result_list(call);

    (void)args, (void)context;
    for (size_t i = 0; i < generation->service_count; i++) {
        const struct served_service *served = &generation->services[i];
        thrift_record *service = thrift_list_add_record(services);

        (void)thrift_set(service, "name", served->service->node.name, "extending",
                         thrift_service_name(served->service->parent));
        add_methods(service, generation, served);
    }
    return THRIFT_OK;
}

static thrift_status on_files(thrift_call *call, const thrift_record *args, void *context)
{
    const thrift_schema *schema = call->generation->schema;
    thrift_list *files = thrift_call_result_list(call);

    (void)args, (void)context;
    for (size_t i = 0; i < schema->file_count; i++) {
        const struct schema_file *file = &schema->files[i];

        (void)thrift_set(thrift_list_add_record(files), "path", file->path, "text",
                         ((thrift_bytes){(const uint8_t *)file->text, file->size}));
    }
    return THRIFT_OK;
}

static thrift_status on_generation(thrift_call *call, const thrift_record *args, void *context)
{
    const struct generation *generation = call->generation;

    (void)args, (void)context;
    return thrift_set(thrift_call_result(call), "number", generation->number, "fingerprint",
                      thrift_schema_fingerprint(generation->schema), "age_ms",
                      (clock_now_ns() - generation->made_ns) / 1000000);
}

static thrift_status on_last_reload(thrift_call *call, const thrift_record *args, void *context)
{
    thrift_server *server = context;
    struct reload_memory last;

    (void)args;
    pthread_mutex_lock(&server->serving.lock);
    last = server->last_reload;
    pthread_mutex_unlock(&server->serving.lock);
    return thrift_set(thrift_call_result(call), "outcome",
                      last.outcome != NULL ? last.outcome : "none", "message", last.message,
                      "attempts", last.attempts, "failures", last.failures);
}

thrift_schema *reflection_schema(thrift_error *err)
{
    return thrift_load_text("reflection.thrift", reflection_idl, NULL, err);
}

thrift_registry *reflection_registry(thrift_server *server)
{
    thrift_registry *registry = thrift_registry_new();

    if (thrift_bind(registry, "Reflection.services", on_services, server) != THRIFT_OK ||
        thrift_bind(registry, "Reflection.files", on_files, server) != THRIFT_OK ||
        thrift_bind(registry, "Reflection.generation", on_generation, server) != THRIFT_OK ||
        thrift_bind(registry, "Reflection.lastReload", on_last_reload, server) != THRIFT_OK) {
        thrift_registry_free(registry);
        return NULL;
    }
    return registry;
}
