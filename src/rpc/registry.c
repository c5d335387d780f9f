/*
 * The registry: names and what they are bound to. Definitions are not known here.
 */
#include "rpc/registry.h"

#include <pthread.h>
#include <string.h>

#include "base/alloc.h"
#include "base/arena.h"
#include "base/error.h"
#include "base/map.h"
#include "base/reference.h"
#include "base/text.h"

#define NAME_SIZE_MOST 1024

struct binding {
    struct binding *next;
    struct handler handler;
    size_t size; /* of the block */
    char name[];
};

struct interception {
    struct interceptor interceptor;
    char *name;
};

struct thrift_registry {
    struct reference reference;
    pthread_mutex_t lock;
    struct map *by_name; /* name -> struct binding * */
    struct binding *bindings;
    struct interception *interceptions;
    size_t interception_count;
    struct arena arena;   /* of native bindings */
    thrift_error mistake; /* the first */
};

thrift_registry *thrift_registry_new(void)
{
    thrift_registry *registry = mem_alloc_zero(NULL, 1, sizeof *registry);

    if (registry == NULL) {
        return NULL;
    }
    registry->by_name = map_new(NULL);
    if (registry->by_name == NULL) {
        mem_free(NULL, registry, sizeof *registry);
        return NULL;
    }
    reference_init(&registry->reference);
    arena_init(&registry->arena, NULL, SIZE_MAX);
    (void)pthread_mutex_init(&registry->lock, NULL);
    return registry;
}

void registry_ref(thrift_registry *registry) { reference_take(&registry->reference); }

void registry_lock(thrift_registry *registry) { pthread_mutex_lock(&registry->lock); }

void registry_unlock(thrift_registry *registry) { pthread_mutex_unlock(&registry->lock); }

static void free_interceptions(thrift_registry *registry)
{
    for (size_t i = 0; i < registry->interception_count; i++) {
        char *name = registry->interceptions[i].name;

        mem_free(NULL, name, strlen(name) + 1);
    }
    mem_free(NULL, registry->interceptions,
             registry->interception_count * sizeof *registry->interceptions);
}

void thrift_registry_free(thrift_registry *registry)
{
    if (registry == NULL || !reference_drop(&registry->reference)) {
        return;
    }
    while (registry->bindings != NULL) {
        struct binding *next = registry->bindings->next;

        mem_free(NULL, registry->bindings, registry->bindings->size);
        registry->bindings = next;
    }
    free_interceptions(registry);
    arena_deinit(&registry->arena);
    map_free(registry->by_name);
    (void)pthread_mutex_destroy(&registry->lock);
    mem_free(NULL, registry, sizeof *registry);
}

/* While locked. */
static thrift_status remember(thrift_registry *registry, const thrift_error *mistake)
{
    if (registry->mistake.code == THRIFT_OK) {
        registry->mistake = *mistake;
    }
    return mistake->code;
}

thrift_status thrift_registry_check(const thrift_registry *registry, thrift_error *err)
{
    thrift_registry *mutable = (thrift_registry *)(uintptr_t)registry; /* for its lock alone */
    thrift_status status;

    if (registry == NULL) {
        return err != NULL && err->code != THRIFT_OK ? err->code : FAIL_NOMEM(err);
    }
    registry_lock(mutable);
    status = registry->mistake.code;
    if (status != THRIFT_OK && err != NULL) {
        *err = registry->mistake;
    }
    registry_unlock(mutable);
    return status;
}

static bool is_name_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/* "*", "Service.*", "Service.method", "file.Service.method". */
static bool is_binding_name(const char *name)
{
    size_t parts = 1, part = 0, i = 0;

    if (strcmp(name, "*") == 0) {
        return true;
    }
    for (; name[i] != '\0' && i < NAME_SIZE_MOST; i++) {
        if (name[i] == '.' && part > 0) {
            parts++;
            part = 0;
        } else if (is_name_char(name[i]) || (name[i] == '-' && parts == 1)) {
            part++;
        } else {
            return parts > 1 && part == 0 && strcmp(name + i, "*") == 0;
        }
    }
    return name[i] == '\0' && part > 0 && (parts == 2 || parts == 3);
}

static thrift_status check_name(const char *name, thrift_error *err)
{
    char quoted[TEXT_QUOTED_SIZE];

    if (name != NULL && is_binding_name(name)) {
        return THRIFT_OK;
    }
    return FAIL(err, THRIFT_E_ARGUMENT,
                "%s is not a name to bind: \"Service.method\", \"Service.*\" and \"*\" are",
                text_quote(name, name != NULL ? strlen(name) : 0, quoted));
}

/* While locked. */
static thrift_status put(thrift_registry *registry, const char *name, const struct handler *handler,
                         thrift_error *err)
{
    size_t length = strlen(name), size = sizeof(struct binding) + length + 1;
    struct binding *binding = map_get(registry->by_name, name, length);

    if (binding != NULL) {
        binding->handler = *handler;
        return THRIFT_OK;
    }
    binding = mem_alloc(NULL, size);
    if (binding == NULL) {
        return FAIL_NOMEM(err);
    }
    binding->handler = *handler;
    binding->size = size;
    memcpy(binding->name, name, length + 1);
    if (!map_put(registry->by_name, binding->name, length, binding)) {
        mem_free(NULL, binding, size);
        return FAIL_NOMEM(err);
    }
    binding->next = registry->bindings;
    registry->bindings = binding;
    return THRIFT_OK;
}

static thrift_status bind_name(thrift_registry *registry, const char *name,
                               const struct handler *handler, bool has_function)
{
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_status status;

    if (registry == NULL) {
        return THRIFT_E_ARGUMENT;
    }
    status = check_name(name, &err);
    if (status == THRIFT_OK && !has_function) {
        status = FAIL(&err, THRIFT_E_ARGUMENT, "no handler is given for \"%s\"", name);
    }
    registry_lock(registry);
    if (status == THRIFT_OK) {
        status = put(registry, name, handler, &err);
    }
    if (status != THRIFT_OK) {
        (void)remember(registry, &err);
    }
    registry_unlock(registry);
    return status;
}

thrift_status thrift_bind(thrift_registry *registry, const char *name, thrift_handler handler,
                          void *context)
{
    struct handler bound = {.kind = HANDLER_DYNAMIC, .context = context};

    bound.run.dynamic = handler;
    return bind_name(registry, name, &bound, handler != NULL);
}

thrift_status thrift_bind_raw(thrift_registry *registry, const char *name,
                              thrift_raw_handler handler, void *context)
{
    struct handler bound = {.kind = HANDLER_RAW, .context = context};

    bound.run.raw = handler;
    return bind_name(registry, name, &bound, handler != NULL);
}

thrift_status registry_bind_adapted(thrift_registry *registry, const char *name,
                                    thrift_handler handler, void (*inner)(void), void *context)
{
    struct handler bound = {.kind = HANDLER_DYNAMIC, .context = context, .inner = inner};

    bound.run.dynamic = handler;
    return bind_name(registry, name, &bound, inner != NULL);
}

thrift_status registry_bind_native(thrift_registry *registry, const char *name,
                                   const struct native_binding *binding, void *context)
{
    struct handler bound = {.kind = HANDLER_NATIVE, .context = context};

    bound.run.native = binding;
    return bind_name(registry, name, &bound, binding != NULL);
}

void *registry_alloc(thrift_registry *registry, size_t size)
{
    thrift_error err = THRIFT_ERROR_INIT;
    void *block;

    registry_lock(registry);
    block = arena_alloc_zero(&registry->arena, size);
    if (block == NULL) {
        (void)FAIL_NOMEM(&err);
        (void)remember(registry, &err);
    }
    registry_unlock(registry);
    return block;
}

thrift_status registry_remember(thrift_registry *registry, const thrift_error *mistake)
{
    registry_lock(registry);
    (void)remember(registry, mistake);
    registry_unlock(registry);
    return mistake->code;
}

thrift_status thrift_unbind(thrift_registry *registry, const char *name)
{
    struct binding *binding;

    if (registry == NULL || name == NULL) {
        return THRIFT_E_ARGUMENT;
    }
    registry_lock(registry);
    binding = map_remove(registry->by_name, name, strlen(name));
    if (binding != NULL) {
        struct binding **at = &registry->bindings;

        while (*at != binding) {
            at = &(*at)->next;
        }
        *at = binding->next;
        mem_free(NULL, binding, binding->size);
    }
    registry_unlock(registry);
    return binding != NULL ? THRIFT_OK : THRIFT_E_NAME;
}

/* While locked. */
static thrift_status add_interception(thrift_registry *registry, const char *name,
                                      const struct interceptor *interceptor, thrift_error *err)
{
    size_t size = sizeof *registry->interceptions, count = registry->interception_count;
    struct interception *grown;
    char *copy = mem_alloc(NULL, strlen(name) + 1);

    if (copy == NULL) {
        return FAIL_NOMEM(err);
    }
    grown = mem_resize(NULL, registry->interceptions, count * size, (count + 1) * size);
    if (grown == NULL) {
        mem_free(NULL, copy, strlen(name) + 1);
        return FAIL_NOMEM(err);
    }
    memcpy(copy, name, strlen(name) + 1);
    grown[count] = (struct interception){*interceptor, copy};
    registry->interceptions = grown;
    registry->interception_count = count + 1;
    return THRIFT_OK;
}

thrift_status thrift_intercept(thrift_registry *registry, const char *name, thrift_before_fn before,
                               thrift_after_fn after, void *context)
{
    const struct interceptor interceptor = {before, after, context};
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_status status;

    if (registry == NULL) {
        return THRIFT_E_ARGUMENT;
    }
    status = check_name(name, &err);
    registry_lock(registry);
    if (status == THRIFT_OK) {
        status = add_interception(registry, name, &interceptor, &err);
    }
    if (status != THRIFT_OK) {
        (void)remember(registry, &err);
    }
    registry_unlock(registry);
    return status;
}

struct handler registry_find(const thrift_registry *registry, const char *name)
{
    const struct binding *binding = map_get(registry->by_name, name, strlen(name));

    return binding != NULL ? binding->handler : (struct handler){.kind = HANDLER_NONE};
}

void registry_visit(const thrift_registry *registry, registry_visit_fn visit, void *data)
{
    for (const struct binding *at = registry->bindings; at != NULL; at = at->next) {
        visit(at->name, data);
    }
}

const struct interceptor *registry_interceptor(const thrift_registry *registry, size_t i,
                                               const char **out_name)
{
    if (i >= registry->interception_count) {
        return NULL;
    }
    *out_name = registry->interceptions[i].name;
    return &registry->interceptions[i].interceptor;
}
