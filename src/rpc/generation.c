/*
 * Making generations: services to serve, handlers for their methods, texts for their errors.
 */
#include "rpc/generation.h"

#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/text.h"
#include "codec/expressible.h"
#include "rpc/binding.h"

#define LISTED_METHODS_MOST 32
#define NAME_SIZE_MOST 2048

struct maker {
    struct generation *generation;
    const thrift_registry *registry;
    const struct generation_options *options;
    struct native_preparation *native;
    thrift_error *err;
};

static thrift_status no_memory(const struct maker *maker)
{
    return arena_fail(&maker->generation->arena, maker->err);
}

static const char *join(const struct maker *maker, const char *first, char between,
                        const char *second)
{
    char text[NAME_SIZE_MOST];
    int size = snprintf(text, sizeof text, "%s%c%s", first, between, second);

    if (size < 0 || (size_t)size >= sizeof text) {
        size = (int)sizeof text - 1;
    }
    return arena_strdup(&maker->generation->arena, text, (size_t)size);
}

/* ---- one method ---- */

static thrift_status add_interceptors(const struct maker *maker, const thrift_service *service,
                                      struct endpoint *endpoint)
{
    const char *name;
    const struct interceptor *from;
    struct interceptor *matching;
    size_t most = 0;

    while (registry_interceptor(maker->registry, most, &name) != NULL) {
        most++;
    }
    if (most == 0) {
        return THRIFT_OK;
    }
    matching = arena_alloc(&maker->generation->arena, most * sizeof *matching);
    if (matching == NULL) {
        return no_memory(maker);
    }
    endpoint->interceptors = matching;
    for (size_t i = 0; (from = registry_interceptor(maker->registry, i, &name)) != NULL; i++) {
        if (binding_matches(name, service, endpoint->method)) {
            matching[endpoint->interceptor_count++] = *from;
        }
    }
    return THRIFT_OK;
}

/* What no message can carry is said before the first call, unless nobody reads the messages. */
static thrift_status check_expressible(const struct maker *maker, const struct endpoint *endpoint)
{
    const thrift_struct *sides[] = {endpoint->method->arguments, endpoint->method->result_struct};

    if (endpoint->handler.kind == HANDLER_NONE || endpoint->handler.kind == HANDLER_RAW) {
        return THRIFT_OK;
    }
    for (size_t i = 0; i < 2; i++) {
        if (!is_expressible(sides[i], THRIFT_BINARY)) {
            return refuse_float(sides[i], THRIFT_BINARY, maker->err);
        }
    }
    return THRIFT_OK;
}

static thrift_status make_plans(const struct maker *maker, struct endpoint *endpoint)
{
    const thrift_method *method = endpoint->method;
    const thrift_schema *schema = method->arguments->schema;

    endpoint->arguments = plan_of(schema, method->arguments, maker->err);
    if (endpoint->arguments == NULL) {
        return THRIFT_E_NOMEM;
    }
    endpoint->result = plan_of(schema, method->result_struct, maker->err);
    endpoint->result_layout = layout_of(schema, method->result_struct, maker->err);
    if (endpoint->result == NULL || endpoint->result_layout == NULL) {
        return THRIFT_E_NOMEM;
    }
    if (method->result != NULL) {
        endpoint->success = &endpoint->result_layout->fields[0];
    }
    return THRIFT_OK;
}

static thrift_status prepare_native(const struct maker *maker, struct endpoint *endpoint)
{
    const struct native_binding *binding = endpoint->handler.run.native;

    return binding->prepare(binding, maker->native, endpoint->method, &endpoint->native,
                            maker->err);
}

/* All native methods were looked at: what does not fit comes together. */
static thrift_status finish_native(const struct maker *maker)
{
    thrift_status status = THRIFT_OK;

    if (maker->native->finish != NULL) {
        status = maker->native->finish(maker->native, maker->err);
    }
    return status == THRIFT_OK ? native_findings_deliver(&maker->native->findings, maker->err)
                               : status;
}

static thrift_status report_unhandled(const struct maker *maker, const struct endpoint *endpoint)
{
    if (maker->options->every_method) {
        return FAIL(maker->err, THRIFT_E_NAME, "nothing is bound for \"%s\"", endpoint->name);
    }
    log_write(maker->options->log, LOG_NOTICE, "method-unhandled", "nothing is bound for \"%s\"",
              endpoint->name);
    return THRIFT_OK;
}

static thrift_status add_method(const struct maker *maker, const struct served_service *served,
                                const thrift_method *method)
{
    struct generation *generation = maker->generation;
    struct endpoint *endpoint = arena_alloc_zero(&generation->arena, sizeof *endpoint);
    const char *service = served->service->node.name, *name = method->node.name;
    const char *prefixed = join(maker, service, ':', name);
    thrift_status status;

    if (endpoint == NULL || prefixed == NULL) {
        return no_memory(maker);
    }
    endpoint->method = method;
    endpoint->method_size = strlen(name);
    endpoint->name = join(maker, service, '.', name);
    if (endpoint->name == NULL ||
        name_map_add(&generation->endpoints, prefixed, strlen(prefixed), endpoint) == NULL ||
        (served == generation->unprefixed &&
         name_map_add(&generation->endpoints, name, strlen(name), endpoint) == NULL)) {
        return no_memory(maker);
    }
    endpoint->handler = binding_resolve(maker->registry, served->service, method);
    status = check_expressible(maker, endpoint);
    if (status == THRIFT_OK) {
        status = make_plans(maker, endpoint);
    }
    if (status == THRIFT_OK) {
        status = add_interceptors(maker, served->service, endpoint);
    }
    if (status == THRIFT_OK && endpoint->handler.kind == HANDLER_NATIVE) {
        status = prepare_native(maker, endpoint);
    }
    if (status == THRIFT_OK && endpoint->handler.kind == HANDLER_NONE) {
        status = report_unhandled(maker, endpoint);
    }
    return status;
}

/* ---- one service ---- */

static bool list_name(thrift_buffer *text, const char *name, size_t *count)
{
    (*count)++;
    if (*count > LISTED_METHODS_MOST) {
        return true;
    }
    return (text->size == 0 || text_append(text, ", ")) && text_append(text, name);
}

/* Moves a text into the arena; NULL when there is no memory. */
static const char *keep_list(const struct maker *maker, thrift_buffer *text, size_t count,
                             bool complete)
{
    const char *kept = NULL;

    if (complete && count > LISTED_METHODS_MOST) {
        complete = text_printf(text, " and %zu more", count - LISTED_METHODS_MOST);
    }
    if (complete && text_end(text) != NULL) {
        kept = arena_strdup(&maker->generation->arena, (const char *)text->data, text->size);
    }
    thrift_buffer_deinit(text);
    return kept;
}

static const char *list_methods(const struct maker *maker, const thrift_service *service)
{
    thrift_buffer text = {.allocator = maker->generation->arena.allocator};
    bool complete = true;
    size_t count = 0;

    for (; service != NULL; service = service->parent) {
        for (size_t i = 0; i < service->method_count; i++) {
            complete = complete && list_name(&text, service->methods[i].node.name, &count);
        }
    }
    return keep_list(maker, &text, count, complete);
}

/* What takes the calls that the definition does not know must be raw: nothing can be decoded. */
static struct endpoint rest_of(const char *name, struct handler handler)
{
    struct endpoint rest = {.name = name};

    if (handler.kind == HANDLER_RAW) {
        rest.handler = handler;
    }
    return rest;
}

static thrift_status add_service(const struct maker *maker, struct served_service *served)
{
    const thrift_service *service = served->service;
    thrift_status status = THRIFT_OK;

    served->rest = rest_of(service->node.name, binding_resolve(maker->registry, service, NULL));
    served->methods = list_methods(maker, service);
    if (served->methods == NULL) {
        return FAIL_NOMEM(maker->err);
    }
    for (const thrift_service *at = service; at != NULL && status == THRIFT_OK; at = at->parent) {
        for (size_t i = 0; i < at->method_count && status == THRIFT_OK; i++) {
            status = add_method(maker, served, &at->methods[i]);
        }
    }
    return status;
}

/* ---- all services of the root file ---- */

static thrift_status find_services(const struct maker *maker)
{
    struct generation *generation = maker->generation;
    const thrift_schema *schema = generation->schema;
    struct served_service *services =
        arena_alloc_zero(&generation->arena, (schema->service_count + 1) * sizeof *services);
    thrift_buffer text = {.allocator = generation->arena.allocator};
    bool complete = true;
    size_t count = 0;

    if (services == NULL) {
        return no_memory(maker);
    }
    for (size_t i = 0; i < schema->service_count; i++) {
        if (schema->services[i]->node.file == &schema->files[0]) {
            complete = complete && list_name(&text, schema->services[i]->node.name, &count);
            services[generation->service_count++].service = schema->services[i];
        }
    }
    generation->services = services;
    generation->service_names = keep_list(maker, &text, count, complete);
    return generation->service_names != NULL ? THRIFT_OK : FAIL_NOMEM(maker->err);
}

static bool is_extended(const struct generation *generation, const thrift_service *service)
{
    for (size_t i = 0; i < generation->service_count; i++) {
        if (generation->services[i].service->parent == service) {
            return true;
        }
    }
    return false;
}

static const struct served_service *find_named(const struct generation *generation,
                                               const char *name)
{
    for (size_t i = 0; name != NULL && i < generation->service_count; i++) {
        if (strcmp(generation->services[i].service->node.name, name) == 0) {
            return &generation->services[i];
        }
    }
    return NULL;
}

/* A definition that gained a service: names without one mean what they meant before. */
static void keep_former(const struct maker *maker)
{
    struct generation *generation = maker->generation;

    generation->unprefixed = find_named(generation, maker->options->former_default);
    if (generation->unprefixed != NULL) {
        log_write(maker->options->log, LOG_WARNING, "default-service-kept",
                  "calls without a service's name still go to %s, one of several services now; "
                  "set default_service before the next start",
                  maker->options->former_default);
    }
}

/* The service of names without one: as the program says, or the only one at the end of its line. */
static thrift_status choose_default(const struct maker *maker)
{
    struct generation *generation = maker->generation;
    const char *wanted = maker->options->default_service;
    size_t candidates = 0;

    for (size_t i = 0; i < generation->service_count; i++) {
        const struct served_service *served = &generation->services[i];

        if (wanted != NULL ? strcmp(served->service->node.name, wanted) == 0
                           : !is_extended(generation, served->service)) {
            generation->unprefixed = served;
            candidates++;
        }
    }
    if (wanted != NULL && candidates == 0) {
        return FAIL(maker->err, THRIFT_E_NAME,
                    "the default service \"%s\" is not served; there are: %s", wanted,
                    generation->service_names);
    }
    if (candidates > 1) {
        keep_former(maker);
    }
    return THRIFT_OK;
}

static thrift_status fill(const struct maker *maker)
{
    struct generation *generation = maker->generation;
    thrift_status status =
        binding_check_names(maker->registry, generation->schema, maker->options->early_handlers,
                            maker->options->log, maker->err);

    if (status == THRIFT_OK) {
        status = find_services(maker);
    }
    if (status == THRIFT_OK) {
        status = choose_default(maker);
    }
    generation->rest = rest_of("*", binding_resolve_any(maker->registry));
    for (size_t i = 0; i < generation->service_count && status == THRIFT_OK; i++) {
        status = add_service(maker, &generation->services[i]);
    }
    return status == THRIFT_OK ? finish_native(maker) : status;
}

/* Where nobody else takes them. */
static void log_finding(const thrift_finding *finding, void *data)
{
    const char *source = finding->at.source;

    log_write(data, LOG_ERROR, "native-finding", "%s:%u:%u: %s: %s",
              source != NULL ? source : "definition", (unsigned)finding->at.line,
              (unsigned)finding->at.column, finding->rule, finding->message);
}

/* The server's own services; a name that the program's have, too, stays theirs. */
static thrift_status add_own(const struct maker *maker)
{
    const thrift_schema *own = maker->options->own_schema;
    struct maker inside = *maker;
    thrift_status status = THRIFT_OK;

    if (own == NULL) {
        return THRIFT_OK;
    }
    maker->generation->own = thrift_schema_ref(maker->options->own_schema);
    inside.registry = maker->options->own_registry;
    for (size_t i = 0; i < own->service_count && status == THRIFT_OK; i++) {
        struct served_service *served = arena_alloc_zero(&maker->generation->arena, sizeof *served);

        if (served == NULL) {
            return no_memory(maker);
        }
        served->service = own->services[i];
        status = add_service(&inside, served);
    }
    return status;
}

struct generation *generation_new(thrift_schema *schema, thrift_registry *registry, uint64_t number,
                                  const struct generation_options *options, thrift_error *err)
{
    struct generation *generation = mem_alloc_zero(options->allocator, 1, sizeof *generation);
    struct native_preparation native = {.schema = schema};
    struct maker maker = {generation, registry, options, &native, err};
    thrift_status status;

    if (generation == NULL) {
        (void)FAIL_NOMEM(err);
        return NULL;
    }
    reference_init(&generation->reference);
    generation->number = number;
    generation->made_ns = clock_now_ns();
    generation->schema = thrift_schema_ref(schema);
    arena_init(&generation->arena, options->allocator, SIZE_MAX);
    generation->endpoints.arena = &generation->arena;
    if (options->census != NULL) {
        census_enter(options->census, &generation->counted, number);
    }
    native.arena = &generation->arena;
    native.findings.on_finding = options->on_finding != NULL ? options->on_finding : log_finding;
    native.findings.data =
        options->on_finding != NULL ? options->data : (void *)(uintptr_t)options->log;
    registry_lock(registry);
    status = fill(&maker);
    registry_unlock(registry);
    if (status == THRIFT_OK) {
        status = add_own(&maker);
    }
    if (status != THRIFT_OK) {
        generation_unref(generation);
        return NULL;
    }
    return generation;
}

bool generation_handles(const struct generation *generation, const struct served_service *served,
                        const thrift_method *method)
{
    char name[NAME_SIZE_MOST];
    int size = snprintf(name, sizeof name, "%s:%s", served->service->node.name, method->node.name);
    const struct endpoint *found = size > 0 && (size_t)size < sizeof name
                                       ? name_map_get(&generation->endpoints, name, (size_t)size)
                                       : NULL;

    return found != NULL && found->handler.kind != HANDLER_NONE;
}

void generation_ref(struct generation *generation) { reference_take(&generation->reference); }

void generation_unref(struct generation *generation)
{
    thrift_allocator allocator;

    if (generation == NULL || !reference_drop(&generation->reference)) {
        return;
    }
    allocator = generation->arena.allocator;
    census_leave(&generation->counted);
    thrift_schema_unref(generation->schema);
    thrift_schema_unref(generation->own);
    arena_deinit(&generation->arena);
    mem_free(&allocator, generation, sizeof *generation);
}

/* ---- looking up ---- */

static const struct served_service *find_service(const struct generation *generation,
                                                 const uint8_t *name, size_t size)
{
    for (size_t i = 0; i < generation->service_count; i++) {
        const char *own = generation->services[i].service->node.name;

        if (strlen(own) == size && memcmp(own, name, size) == 0) {
            return &generation->services[i];
        }
    }
    return NULL;
}

const struct endpoint *generation_find(const struct generation *generation, thrift_bytes name,
                                       const struct served_service **out_service,
                                       thrift_bytes *out_bare)
{
    const uint8_t *colon;
    const struct endpoint *found =
        name_map_get(&generation->endpoints, (const char *)name.data, name.size);

    if (found != NULL) {
        size_t prefix = name.size - found->method_size;

        *out_bare = (thrift_bytes){name.data + prefix, found->method_size};
        return found;
    }
    colon = name.size > 0 ? memchr(name.data, ':', name.size) : NULL;
    if (colon == NULL) {
        *out_service = generation->unprefixed;
        *out_bare = name;
        return NULL;
    }
    *out_service = find_service(generation, name.data, (size_t)(colon - name.data));
    *out_bare = (thrift_bytes){colon + 1, name.size - (size_t)(colon + 1 - name.data)};
    return NULL;
}
