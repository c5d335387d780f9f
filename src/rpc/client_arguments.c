/*
 * A client's methods and their arguments.
 */
#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "rpc/client.h"
#include "schema/lookup.h"
#include "value/record.h"

const thrift_method *client_find_method(const struct definition_in_use *in_use, const char *name,
                                        thrift_error *err)
{
    const thrift_method *method;
    char quoted[TEXT_QUOTED_SIZE];

    if (in_use->service == NULL || name == NULL) {
        (void)FAIL(err, THRIFT_E_NAME, "the definition has no service to call");
        return NULL;
    }
    method = service_find_method(in_use->service, name, strlen(name));
    if (method == NULL) {
        (void)FAIL(err, THRIFT_E_NAME, "%s has no method %s", in_use->service->node.name,
                   text_quote(name, strlen(name), quoted));
    }
    return method;
}

thrift_record *client_new_arguments(const thrift_method *method, thrift_error *err)
{
    const struct layout *layout = layout_of(method->arguments->schema, method->arguments, err);
    struct thrift_root *root = layout != NULL ? root_new(layout, err) : NULL;

    return root != NULL ? root->top : NULL;
}

thrift_status client_set_arguments(thrift_record *record, const thrift_method *method,
                                   thrift_args args, thrift_error *err)
{
    const thrift_struct *declared = method->arguments;

    if (args.count != declared->field_count) {
        return FAIL(err, THRIFT_E_ARGUMENT, "%s takes %u arguments, %zu are given",
                    method->node.name, (unsigned)declared->field_count, args.count);
    }
    for (uint32_t i = 0; i < declared->field_count; i++) {
        (void)thrift_record_set(record, &declared->fields[i], args.items[i]);
    }
    return THRIFT_OK;
}

/* The method whose arguments these are, in the client's service as the record's definition has it:
 * the client may have been switched since the record was made. */
const thrift_method *client_method_of(thrift_client *client, const thrift_record *args,
                                      thrift_error *err)
{
    struct definition_in_use in_use = client_definition_take(&client->definition);
    const thrift_struct *type = thrift_record_type(args);
    const thrift_service *service = in_use.service;
    const thrift_method *found = NULL;

    if (service != NULL && type->schema != in_use.schema) {
        service = thrift_schema_service(type->schema, service->node.name);
    }
    for (; service != NULL && found == NULL; service = service->parent) {
        for (size_t i = 0; i < service->method_count; i++) {
            found = service->methods[i].arguments == type ? &service->methods[i] : found;
        }
    }
    thrift_schema_unref(in_use.schema);
    if (found == NULL) {
        (void)FAIL(err, THRIFT_E_TYPE, "the record is not one of thrift_client_args()");
    }
    return found;
}
