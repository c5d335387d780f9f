/*
 * The methods of the reflection service.
 */
#include "rpc/reflection.h"

#include <rethrift/reload.h>
#include <string.h>
#include <time.h>

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
    "    2: bool one_way,\n"
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
    "    4: i64 since_ms, /** when it was published, in milliseconds since 1970 (UTC) */\n"
    "    5: i32 live, /** generations alive: this one, and those that calls still hold */\n"
    "}\n"
    "\n"
    "/** What a load or a comparison had to say. */\n"
    "struct Finding {\n"
    "    1: string severity, /** \"note\", \"warning\", \"error\", \"breaking\" */\n"
    "    2: string rule, /** \"unknown-type\", \"field-type-changed\", … */\n"
    "    3: string element, /** \"User.email\"; empty for syntax */\n"
    "    4: string message,\n"
    "    5: optional string hint, /** what to do */\n"
    "    6: string path,\n"
    "    7: i32 line,\n"
    "    8: i32 column,\n"
    "}\n"
    "\n"
    "struct Reload {\n"
    "    1: string outcome, /** \"none\", \"published\", \"unchanged\", \"refused\", \"failed\" "
    "*/\n"
    "    2: string message, /** why it was refused or failed */\n"
    "    3: i64 attempts,\n"
    "    4: i64 failures, /** refused ones too */\n"
    "    5: list<Finding> findings, /** of this attempt, at most 100; what refuses comes first */\n"
    "    6: i64 age_ms,\n"
    "    7: i64 duration_us,\n"
    "}\n"
    "\n"
    "service Reflection {\n"
    "    list<Service> services(),\n"
    "    list<File> files(),\n"
    "    Generation generation(),\n"
    "    Reload lastReload(),\n"
    "}\n"
    "\n"
    "/**\n"
    " * What may be asked of a server; served as \"Control:method\" when its `control` option is "
    "set, since\n"
    " * whoever can connect can call it.\n"
    " */\n"
    "service Control {\n"
    "    /** An attempt to reload from the files, soon; Reflection.lastReload() says how it "
    "ended. */\n"
    "    void reload(),\n"
    "}\n";

static void add_methods(thrift_record *to, const struct generation *generation,
                        const struct served_service *served)
{
    thrift_list *methods = thrift_open_list(to, "methods");

    for (const thrift_service *at = served->service; at != NULL; at = at->parent) {
        for (size_t i = 0; i < at->method_count; i++) {
            const thrift_method *method = &at->methods[i];

            (void)thrift_set(thrift_list_add_record(methods), "name", method->node.name, "one_way",
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

static int64_t unix_ms(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static thrift_status on_generation(thrift_call *call, const thrift_record *args, void *context)
{
    const struct generation *generation = call->generation;
    thrift_server *server = context;
    int64_t age_ms = (int64_t)((clock_now_ns() - generation->made_ns) / 1000000);

    (void)args;
    return thrift_set(thrift_call_result(call), "number", generation->number, "fingerprint",
                      thrift_schema_fingerprint(generation->schema), "age_ms", age_ms, "since_ms",
                      unix_ms() - age_ms, "live", census_take(server->census).live);
}

static void add_finding(thrift_list *to, const thrift_finding *finding)
{
    static const char *const severities[] = {"note", "warning", "error", "breaking"};
    const thrift_place *at = finding_place(finding);

    (void)thrift_set(thrift_list_add_record(to), "severity", severities[finding->severity], "rule",
                     finding->rule, "element", finding->element, "message", finding->message,
                     "hint", finding->hint, "path", at->source, "line", at->line, "column",
                     at->column);
}

static thrift_status on_last_reload(thrift_call *call, const thrift_record *args, void *context)
{
    thrift_server *server = context;
    struct reload_history *history = &server->reloads.history;
    thrift_record *result = thrift_call_result(call);
    thrift_list *findings = thrift_open_list(result, "findings");
    uint64_t attempts = 0;
    thrift_status status;

    (void)args;
    pthread_mutex_lock(&history->lock);
    for (size_t i = 0; i < RELOAD_OUTCOMES; i++) {
        attempts += history->attempts[i];
    }
    for (size_t i = 0; i < history->findings.count; i++) {
        add_finding(findings, &history->findings.items[i]);
    }
    status = thrift_set(result, "outcome", reload_outcome_name(history->last), "message",
                        history->message, "attempts", attempts, "failures",
                        history->attempts[THRIFT_RELOAD_REFUSED] +
                            history->attempts[THRIFT_RELOAD_FAILED],
                        "age_ms", attempts > 0 ? (clock_now_ns() - history->ended_ns) / 1000000 : 0,
                        "duration_us", history->duration_ns / 1000);
    pthread_mutex_unlock(&history->lock);
    return status;
}

thrift_schema *reflection_schema(thrift_error *err)
{
    return thrift_load_text("reflection.thrift", reflection_idl, NULL, err);
}

static thrift_status on_reload(thrift_call *call, const thrift_record *args, void *context)
{
    (void)call, (void)args;
    thrift_server_request_reload(context);
    return THRIFT_OK;
}

thrift_registry *reflection_registry(thrift_server *server, bool control)
{
    thrift_registry *registry = thrift_registry_new();

    if (thrift_bind(registry, "Reflection.services", on_services, server) != THRIFT_OK ||
        thrift_bind(registry, "Reflection.files", on_files, server) != THRIFT_OK ||
        thrift_bind(registry, "Reflection.generation", on_generation, server) != THRIFT_OK ||
        thrift_bind(registry, "Reflection.lastReload", on_last_reload, server) != THRIFT_OK ||
        (control && thrift_bind(registry, "Control.reload", on_reload, server) != THRIFT_OK)) {
        thrift_registry_free(registry);
        return NULL;
    }
    return registry;
}
