/*
 * Finding a client's service in one definition after the other.
 */
#include "rpc/client_definition.h"

#include "base/error.h"
#include "schema/lookup.h"

static bool is_extended(const thrift_schema *schema, const thrift_service *service)
{
    for (size_t i = 0; i < schema->service_count; i++) {
        if (schema->services[i]->parent == service) {
            return true;
        }
    }
    return false;
}

/* The only service of the root file that no other extends; NULL when there is none. */
static thrift_status find_only(const thrift_schema *schema, const thrift_service **out,
                               thrift_error *err)
{
    *out = NULL;
    for (size_t i = 0; i < schema->service_count; i++) {
        const thrift_service *service = schema->services[i];

        if (service->node.file != &schema->files[0] || is_extended(schema, service)) {
            continue;
        }
        if (*out != NULL) {
            return FAIL(err, THRIFT_E_NAME,
                        "the definition has several services, say which: \"%s\", \"%s\" …",
                        (*out)->node.name, service->node.name);
        }
        *out = service;
    }
    return THRIFT_OK;
}

static thrift_status find_named(const thrift_schema *schema, const char *name,
                                const thrift_service **out, thrift_error *err)
{
    *out = thrift_schema_service(schema, name);
    return *out != NULL ? THRIFT_OK
                        : FAIL(err, THRIFT_E_NAME, "the definition has no service \"%s\"", name);
}

thrift_status client_definition_init(struct client_definition *definition, thrift_schema *schema,
                                     const char *service, thrift_error *err)
{
    (void)pthread_mutex_init(&definition->lock, NULL);
    definition->schema = thrift_schema_ref(schema);
    definition->number = 1;
    return service != NULL ? find_named(schema, service, &definition->service, err)
                           : find_only(schema, &definition->service, err);
}

void client_definition_deinit(struct client_definition *definition)
{
    thrift_schema_unref(definition->schema);
    (void)pthread_mutex_destroy(&definition->lock);
}

struct definition_in_use client_definition_take(struct client_definition *definition)
{
    struct definition_in_use in_use;

    pthread_mutex_lock(&definition->lock);
    in_use.schema = thrift_schema_ref(definition->schema);
    in_use.service = definition->service;
    in_use.number = definition->number;
    pthread_mutex_unlock(&definition->lock);
    return in_use;
}

uint64_t client_definition_number(struct client_definition *definition)
{
    uint64_t number;

    pthread_mutex_lock(&definition->lock);
    number = definition->number;
    pthread_mutex_unlock(&definition->lock);
    return number;
}

/* While locked. */
static thrift_status find_again(const struct client_definition *definition,
                                const thrift_schema *next, const thrift_service **out,
                                thrift_error *err)
{
    return definition->service != NULL ? find_named(next, definition->service->node.name, out, err)
                                       : find_only(next, out, err);
}

thrift_status client_definition_switch(struct client_definition *definition, thrift_schema *next,
                                       bool rehearse, thrift_error *err)
{
    const thrift_service *service;
    thrift_schema *before = NULL;
    thrift_status status;

    pthread_mutex_lock(&definition->lock);
    status = find_again(definition, next, &service, err);
    if (status == THRIFT_OK && !rehearse) {
        before = definition->schema;
        definition->schema = thrift_schema_ref(next);
        definition->service = service;
        definition->number++;
    }
    pthread_mutex_unlock(&definition->lock);
    thrift_schema_unref(before);
    return status;
}
