/*
 * Names of handlers against a definition. Source: the rules of names in binding.h.
 */
#include "rpc/binding.h"

#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "schema/lookup.h"

#define NAME_SIZE 2048
#define DISTANCE_MOST 3

struct name_parts {
    const char *file, *service, *method; /* file may be empty; method may be "*" */
    size_t file_size, service_size;
};

/* The parts of a bound name; false for "*" alone. */
static bool split_name(const char *name, struct name_parts *out)
{
    const char *last = strrchr(name, '.'), *first = strchr(name, '.');

    if (last == NULL) {
        return false;
    }
    *out = (struct name_parts){name, name, last + 1, 0, (size_t)(last - name)};
    if (first != last) {
        out->file_size = (size_t)(first - name);
        out->service = first + 1;
        out->service_size = (size_t)(last - first - 1);
    }
    return true;
}

static bool equals(const char *text, const char *part, size_t size)
{
    return strlen(text) == size && memcmp(text, part, size) == 0;
}

static bool names_service(const struct name_parts *parts, const thrift_service *service)
{
    return equals(service->node.name, parts->service, parts->service_size) &&
           (parts->file_size == 0 ||
            equals(service->node.file->prefix, parts->file, parts->file_size));
}

/* The binding of "Service.method" or "file.Service.method". */
static struct handler find(const thrift_registry *registry, const thrift_service *service,
                           const char *method)
{
    char name[NAME_SIZE];
    struct handler found = {.kind = HANDLER_NONE};

    if (snprintf(name, sizeof name, "%s.%s", service->node.name, method) < (int)sizeof name) {
        found = registry_find(registry, name);
    }
    if (found.kind == HANDLER_NONE &&
        snprintf(name, sizeof name, "%s.%s.%s", service->node.file->prefix, service->node.name,
                 method) < (int)sizeof name) {
        found = registry_find(registry, name);
    }
    return found;
}

static bool has_method(const thrift_service *service, const thrift_method *method)
{
    return service_find_method(service, method->node.name, strlen(method->node.name)) != NULL;
}

struct handler binding_resolve_any(const thrift_registry *registry)
{
    return registry_find(registry, "*");
}

struct handler binding_resolve(const thrift_registry *registry, const thrift_service *service,
                               const thrift_method *method)
{
    struct handler found = {.kind = HANDLER_NONE};

    for (const thrift_service *at = method != NULL ? service : NULL;
         at != NULL && found.kind == HANDLER_NONE && has_method(at, method); at = at->parent) {
        found = find(registry, at, method->node.name);
    }
    for (const thrift_service *at = service; at != NULL && found.kind == HANDLER_NONE;
         at = at->parent) {
        if (at == service || (method != NULL && has_method(at, method))) {
            found = find(registry, at, "*");
        }
    }
    return found.kind != HANDLER_NONE ? found : binding_resolve_any(registry);
}

bool binding_matches(const char *name, const thrift_service *service, const thrift_method *method)
{
    struct name_parts parts;

    if (!split_name(name, &parts)) {
        return true; /* "*" */
    }
    for (const thrift_service *at = service; at != NULL && has_method(at, method);
         at = at->parent) {
        if (names_service(&parts, at) &&
            (strcmp(parts.method, "*") == 0 || strcmp(parts.method, method->node.name) == 0)) {
            return true;
        }
    }
    return false;
}

/* ---- names that mean nothing ---- */

/* The nearest "Service.method" of the definition. */
struct guess {
    char name[256];
    size_t distance;
};

static void consider(struct guess *best, const char *wanted, const char *service,
                     const char *method)
{
    char name[sizeof best->name];
    size_t distance;

    if (snprintf(name, sizeof name, "%s.%s", service, method) >= (int)sizeof name) {
        return;
    }
    distance = text_distance(wanted, name, DISTANCE_MOST);
    if (distance < best->distance) {
        best->distance = distance;
        memcpy(best->name, name, sizeof name);
    }
}

static void guess_name(const thrift_schema *schema, const char *wanted, struct guess *best)
{
    *best = (struct guess){.distance = DISTANCE_MOST + 1};
    for (size_t i = 0; i < schema->service_count; i++) {
        const thrift_service *service = schema->services[i];

        consider(best, wanted, service->node.name, "*");
        for (const thrift_service *at = service; at != NULL; at = at->parent) {
            for (size_t m = 0; m < at->method_count; m++) {
                consider(best, wanted, service->node.name, at->methods[m].node.name);
            }
        }
    }
}

/* How many services the name means; *out_method: one of them has the method. */
static size_t count_services(const thrift_schema *schema, const struct name_parts *parts,
                             bool *out_method)
{
    size_t count = 0;

    *out_method = false;
    for (size_t i = 0; i < schema->service_count; i++) {
        const thrift_service *service = schema->services[i];

        if (names_service(parts, service)) {
            count++;
            *out_method |=
                strcmp(parts->method, "*") == 0 ||
                service_find_method(service, parts->method, strlen(parts->method)) != NULL;
        }
    }
    return count;
}

struct name_check {
    const thrift_schema *schema;
    bool early;
    const struct log *log;
    thrift_error *err;
    thrift_status status; /* of the first that is wrong */
};

static void report_unknown(struct name_check *check, const char *name)
{
    struct guess best;

    guess_name(check->schema, name, &best);
    if (check->early) {
        log_write(check->log, LOG_NOTICE, "handler-early",
                  "\"%s\" is bound, but the definition does not have it%s%s%s", name,
                  best.name[0] != '\0' ? " (did you mean \"" : "", best.name,
                  best.name[0] != '\0' ? "\"?)" : "");
    } else {
        check->status = FAIL(check->err, THRIFT_E_NAME,
                             "\"%s\" is bound, but the definition does not have it%s%s%s", name,
                             best.name[0] != '\0' ? "; did you mean \"" : "", best.name,
                             best.name[0] != '\0' ? "\"?" : "");
    }
}

static void check_name(const char *name, void *data)
{
    struct name_check *check = data;
    struct name_parts parts;
    bool has;
    size_t services;

    if (check->status != THRIFT_OK || !split_name(name, &parts)) {
        return;
    }
    services = count_services(check->schema, &parts, &has);
    if (services > 1) {
        check->status = FAIL(check->err, THRIFT_E_NAME,
                             "\"%s\" is ambiguous: several files define %.*s; write the file's "
                             "name before it",
                             name, (int)parts.service_size, parts.service);
    } else if (!has) {
        report_unknown(check, name);
    }
}

thrift_status binding_check_names(const thrift_registry *registry, const thrift_schema *schema,
                                  bool early, const struct log *log, thrift_error *err)
{
    struct name_check check = {schema, early, log, err, THRIFT_OK};

    registry_visit(registry, check_name, &check);
    return check.status;
}
