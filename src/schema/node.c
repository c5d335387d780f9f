/*
 * Accessors of what every element has, and of the elements themselves. NULL in, NULL or 0 out.
 */
#include "schema/lookup.h"

thrift_node_kind thrift_node_is(const thrift_node *node)
{
    return node != NULL ? node->kind : (thrift_node_kind)0;
}

const char *thrift_node_name(const thrift_node *node) { return node != NULL ? node->name : NULL; }

const char *thrift_node_doc(const thrift_node *node) { return node != NULL ? node->doc : NULL; }

thrift_place thrift_node_place(const thrift_node *node)
{
    if (node == NULL || node->file == NULL) {
        return (thrift_place){NULL, 0, 0};
    }
    return (thrift_place){node->file->path, node->line, node->column};
}

size_t thrift_node_annotation_count(const thrift_node *node)
{
    return node != NULL ? node->annotation_count : 0;
}

const char *thrift_node_annotation_at(const thrift_node *node, size_t i, const char **out_value)
{
    if (i >= thrift_node_annotation_count(node)) {
        return NULL;
    }
    if (out_value != NULL) {
        *out_value = node->annotations[i].value;
    }
    return node->annotations[i].key;
}

const char *thrift_node_annotation(const thrift_node *node, const char *key)
{
    for (size_t i = 0; key != NULL && i < thrift_node_annotation_count(node); i++) {
        if (strcmp(node->annotations[i].key, key) == 0) {
            return node->annotations[i].value;
        }
    }
    return NULL;
}

static bool is_struct(const thrift_node *node)
{
    thrift_node_kind kind = thrift_node_is(node);

    return kind == THRIFT_NODE_STRUCT || kind == THRIFT_NODE_UNION || kind == THRIFT_NODE_EXCEPTION;
}

/* Every element begins with its node: descriptor.h. */
const thrift_struct *thrift_node_struct(const thrift_node *node)
{
    return is_struct(node) ? (const thrift_struct *)node : NULL;
}

const thrift_enum *thrift_node_enum(const thrift_node *node)
{
    return thrift_node_is(node) == THRIFT_NODE_ENUM ? (const thrift_enum *)node : NULL;
}

const thrift_service *thrift_node_service(const thrift_node *node)
{
    return thrift_node_is(node) == THRIFT_NODE_SERVICE ? (const thrift_service *)node : NULL;
}

const thrift_constant *thrift_node_constant(const thrift_node *node)
{
    return thrift_node_is(node) == THRIFT_NODE_CONSTANT ? (const thrift_constant *)node : NULL;
}

const thrift_alias *thrift_node_alias(const thrift_node *node)
{
    return thrift_node_is(node) == THRIFT_NODE_ALIAS ? (const thrift_alias *)node : NULL;
}

const char *thrift_struct_name(const thrift_struct *s) { return s != NULL ? s->node.name : NULL; }

size_t thrift_struct_count(const thrift_struct *s) { return s != NULL ? s->field_count : 0; }

const thrift_field *thrift_struct_at(const thrift_struct *s, size_t i)
{
    return i < thrift_struct_count(s) ? &s->fields[i] : NULL;
}

const thrift_field *thrift_struct_field(const thrift_struct *s, const char *name)
{
    return s != NULL && name != NULL ? struct_find_field(s, name, strlen(name)) : NULL;
}

const thrift_field *thrift_struct_field_by_id(const thrift_struct *s, int16_t id)
{
    return s != NULL ? struct_find_field_by_id(s, id) : NULL;
}

const char *thrift_field_name(const thrift_field *f) { return f != NULL ? f->node.name : NULL; }

int16_t thrift_field_id(const thrift_field *f) { return f != NULL ? f->id : 0; }

const thrift_type *thrift_field_type(const thrift_field *f) { return f != NULL ? f->type : NULL; }

thrift_requiredness thrift_field_requiredness(const thrift_field *f)
{
    return f != NULL ? f->requiredness : THRIFT_FIELD_DEFAULT;
}

const char *thrift_enum_name(const thrift_enum *e) { return e != NULL ? e->node.name : NULL; }

size_t thrift_enum_count(const thrift_enum *e) { return e != NULL ? e->symbol_count : 0; }

const thrift_symbol *thrift_enum_at(const thrift_enum *e, size_t i)
{
    return i < thrift_enum_count(e) ? &e->symbols[i] : NULL;
}

const thrift_symbol *thrift_enum_symbol(const thrift_enum *e, const char *name)
{
    return e != NULL && name != NULL ? enum_find_symbol(e, name, strlen(name)) : NULL;
}

const thrift_symbol *thrift_enum_by_number(const thrift_enum *e, int32_t number)
{
    return e != NULL ? enum_find_number(e, number) : NULL;
}

const char *thrift_symbol_name(const thrift_symbol *s) { return s != NULL ? s->node.name : NULL; }

int32_t thrift_symbol_number(const thrift_symbol *s) { return s != NULL ? s->number : 0; }

const char *thrift_constant_name(const thrift_constant *c)
{
    return c != NULL ? c->node.name : NULL;
}

const thrift_type *thrift_constant_type(const thrift_constant *c)
{
    return c != NULL ? c->type : NULL;
}

const char *thrift_alias_name(const thrift_alias *a) { return a != NULL ? a->node.name : NULL; }

const thrift_type *thrift_alias_type(const thrift_alias *a) { return a != NULL ? a->type : NULL; }
