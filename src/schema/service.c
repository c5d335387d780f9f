/*
 * Accessors of services and methods, and the look-ups by name that a schema offers.
 */
#include "schema/lookup.h"

const char *thrift_service_name(const thrift_service *s) { return s != NULL ? s->node.name : NULL; }

const thrift_service *thrift_service_parent(const thrift_service *s)
{
    return s != NULL ? s->parent : NULL;
}

size_t thrift_service_count(const thrift_service *s) { return s != NULL ? s->method_count : 0; }

const thrift_method *thrift_service_at(const thrift_service *s, size_t i)
{
    return i < thrift_service_count(s) ? &s->methods[i] : NULL;
}

const thrift_method *thrift_service_method(const thrift_service *s, const char *name)
{
    return s != NULL && name != NULL ? service_find_method(s, name, strlen(name)) : NULL;
}

const char *thrift_method_name(const thrift_method *m) { return m != NULL ? m->node.name : NULL; }

const thrift_service *thrift_method_service(const thrift_method *m)
{
    return m != NULL ? m->service : NULL;
}

const thrift_struct *thrift_method_args(const thrift_method *m)
{
    return m != NULL ? m->arguments : NULL;
}

const thrift_struct *thrift_method_throws(const thrift_method *m)
{
    return m != NULL ? m->throws : NULL;
}

const thrift_type *thrift_method_result(const thrift_method *m)
{
    return m != NULL ? m->result : NULL;
}

bool thrift_method_oneway(const thrift_method *m) { return m != NULL && m->oneway; }

static const thrift_node *find_definition(const thrift_schema *schema, const char *name)
{
    return schema != NULL && name != NULL ? schema_find_definition(schema, name, strlen(name))
                                          : NULL;
}

/* "UserService.getUser", inherited ones too. */
static const thrift_method *find_method(const thrift_schema *schema, const char *name, size_t size)
{
    size_t dot = size;
    const thrift_service *service;

    while (dot > 0 && name[dot - 1] != '.') {
        dot--;
    }
    if (schema == NULL || dot == 0) {
        return NULL;
    }
    service = thrift_node_service(schema_find_definition(schema, name, dot - 1));
    return service != NULL ? service_find_method(service, name + dot, size - dot) : NULL;
}

/* "UserService.getUser args" and "… result"; definitions have no blanks in their names. */
static const thrift_struct *find_side(const thrift_schema *schema, const char *name)
{
    const char *blank = name != NULL ? strchr(name, ' ') : NULL;
    const thrift_method *method;

    if (blank == NULL) {
        return NULL;
    }
    method = find_method(schema, name, (size_t)(blank - name));
    return method == NULL                     ? NULL
           : strcmp(blank + 1, "args") == 0   ? method->arguments
           : strcmp(blank + 1, "result") == 0 ? method->result_struct
                                              : NULL;
}

const thrift_struct *thrift_schema_struct(const thrift_schema *schema, const char *name)
{
    const thrift_struct *found = thrift_node_struct(find_definition(schema, name));

    return found != NULL ? found : find_side(schema, name);
}

const thrift_enum *thrift_schema_enum(const thrift_schema *schema, const char *name)
{
    return thrift_node_enum(find_definition(schema, name));
}

const thrift_service *thrift_schema_service(const thrift_schema *schema, const char *name)
{
    return thrift_node_service(find_definition(schema, name));
}

const thrift_constant *thrift_schema_constant(const thrift_schema *schema, const char *name)
{
    return schema != NULL && name != NULL ? schema_find_constant(schema, name, strlen(name)) : NULL;
}

const thrift_method *thrift_schema_method(const thrift_schema *schema, const char *name)
{
    return find_method(schema, name, name != NULL ? strlen(name) : 0);
}

size_t thrift_schema_count(const thrift_schema *schema)
{
    return schema != NULL ? schema->node_count : 0;
}

const thrift_node *thrift_schema_node(const thrift_schema *schema, size_t i)
{
    return i < thrift_schema_count(schema) ? schema->nodes[i] : NULL;
}
