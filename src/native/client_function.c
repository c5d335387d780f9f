/*
 * A stub of one method whose type is known only when the program runs: a list of one, made here.
 */
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "native/call_interface.h"
#include "rpc/client.h"

/* The list, which its stub needs as long as the client lives; the name and the parameters stand
 * behind it. */
struct single {
    struct client_attachment attachment;
    thrift_allocator allocator;
    size_t size; /* of the block */
    thrift_native_service service;
    thrift_native_method method;
};

static void free_single(struct client_attachment *attachment)
{
    struct single *single = (struct single *)(void *)attachment;
    thrift_allocator allocator = single->allocator;

    mem_free(&allocator, single, single->size);
}

/* "Service.method", or the method alone of the client's own service. false: it has none. */
static bool split_name(const struct definition_in_use *in_use, const char *name,
                       thrift_bytes *out_service, const char **out_method)
{
    const char *dot = strrchr(name, '.'), *service = name;
    size_t size = dot != NULL ? (size_t)(dot - name) : 0;

    if (dot == NULL && in_use->service != NULL) {
        service = in_use->service->node.name;
        size = strlen(service);
    }
    *out_service = (thrift_bytes){(const uint8_t *)service, size};
    *out_method = dot != NULL ? dot + 1 : name;
    return size > 0;
}

static struct single *make_single(const thrift_allocator *allocator, thrift_bytes service,
                                  const char *method, const thrift_parameter *parameters,
                                  size_t count, const thrift_native_struct *const *structs)
{
    size_t own = count * sizeof *parameters, name = strlen(method) + 1;
    size_t size = sizeof(struct single) + own + service.size + 1 + name;
    struct single *single = mem_alloc_zero(allocator, 1, size);
    uint8_t *behind;

    if (single == NULL) {
        return NULL;
    }
    behind = (uint8_t *)(single + 1);
    memcpy(behind, parameters, own);
    memcpy(behind + own, service.data, service.size);
    memcpy(behind + own + service.size + 1, method, name);
    single->attachment.free = free_single;
    single->allocator = *allocator;
    single->size = size;
    single->method = (thrift_native_method){(const char *)behind + own + service.size + 1,
                                            (const thrift_parameter *)(const void *)behind, count};
    single->service = (thrift_native_service){.idl_name = (const char *)behind + own,
                                              .methods = &single->method,
                                              .method_count = 1,
                                              .structs = structs};
    return single;
}

static struct single *new_single(thrift_client *client, const char *name,
                                 const thrift_parameter *parameters, size_t count,
                                 const thrift_native_struct *const *structs, thrift_error *err)
{
    struct definition_in_use in_use = client_definition_take(&client->definition);
    struct single *single = NULL;
    thrift_bytes service;
    const char *method;

    if (!split_name(&in_use, name, &service, &method)) {
        (void)FAIL(err, THRIFT_E_NAME, "the client has no service, write \"Service.%s\"", name);
    } else {
        single = make_single(&client->allocator, service, method, parameters, count, structs);
        if (single == NULL) {
            (void)FAIL_NOMEM(err);
        }
    }
    thrift_schema_unref(in_use.schema);
    return single;
}

thrift_function thrift_client_function(thrift_client *client, const char *name,
                                       const thrift_parameter *parameters, size_t parameter_count,
                                       const thrift_native_struct *const *structs,
                                       thrift_error *err)
{
    thrift_function function = NULL;
    struct single *single;

    if (client == NULL || name == NULL || parameters == NULL || parameter_count == 0 ||
        parameter_count > CALL_INTERFACE_MOST) {
        if (err == NULL || err->code == THRIFT_OK) {
            (void)FAIL(err, THRIFT_E_ARGUMENT,
                       "a client, the name of a method and 1 to %u parameters are needed",
                       CALL_INTERFACE_MOST);
        }
        return NULL;
    }
    single = new_single(client, name, parameters, parameter_count, structs, err);
    if (single == NULL) {
        return NULL;
    }
    if (thrift_client_stubs(client, &single->service, &function, err) != THRIFT_OK) {
        free_single(&single->attachment);
        return NULL;
    }
    client_attach(client, &single->attachment);
    return function;
}
