/*
 * One definition as IDL: its comment, its head, its parts.
 *
 * The style is that of the Apache tutorial: two spaces, one part per line, a comma behind each.
 */
#include <inttypes.h>

#include "base/buffer.h"
#include "base/error.h"
#include "base/text.h"
#include "schema/print.h"

#define INDENT 2
#define PARAMETERS_SIZE 90 /* more stand on lines of their own */

static const struct print_type_style written = {.annotations = true};

bool print_indent(thrift_buffer *out, size_t indent)
{
    static const char blanks[] = "                ";

    for (; indent >= sizeof blanks; indent -= sizeof blanks - 1) {
        if (!text_append(out, blanks)) {
            return false;
        }
    }
    return text_append(out, blanks + (sizeof blanks - 1 - indent));
}

/* One line of a comment, without blanks at its end. */
static bool print_doc_line(thrift_buffer *out, const char *line, size_t size, size_t indent)
{
    while (size > 0 && (line[size - 1] == ' ' || line[size - 1] == '\t')) {
        size--;
    }
    return print_indent(out, indent) && text_append(out, size > 0 ? " * " : " *") &&
           buffer_append(out, line, size) && text_append(out, "\n");
}

bool print_doc(thrift_buffer *out, const char *doc, size_t indent)
{
    if (doc == NULL) {
        return true;
    }
    if (!print_indent(out, indent) || !text_append(out, "/**\n")) {
        return false;
    }
    while (*doc != '\0') {
        size_t size = strcspn(doc, "\n");

        if (!print_doc_line(out, doc, size, indent)) {
            return false;
        }
        doc += size + (doc[size] == '\n');
    }
    return print_indent(out, indent) && text_append(out, " */\n");
}

/* What stands above an element: its comment and fbthrift's annotations. */
static bool print_above(thrift_buffer *out, const thrift_node *node, size_t indent)
{
    return print_doc(out, node->doc, indent) &&
           print_structured(out, node->annotations, node->annotation_count, indent);
}

static bool print_notes(thrift_buffer *out, const thrift_node *node)
{
    return print_annotations(out, node->annotations, node->annotation_count);
}

/* A list of fields being printed. */
struct field_list {
    const thrift_struct *fields;
    bool by_nature;  /* members of unions and what is thrown are optional; saying so is a mistake */
    int32_t next_id; /* what the loader gives to the next field whose id was left out */
};

/* An id that was left out is left out again. */
static bool print_id(thrift_buffer *out, struct field_list *list, int16_t id)
{
    if (id == list->next_id) {
        list->next_id--;
        return true;
    }
    return text_printf(out, "%d: ", id);
}

static bool print_field_head(thrift_buffer *out, struct field_list *list, const thrift_field *field)
{
    static const char *const words[] = {[THRIFT_FIELD_DEFAULT] = "",
                                        [THRIFT_FIELD_REQUIRED] = "required ",
                                        [THRIFT_FIELD_OPTIONAL] = "optional "};

    return print_id(out, list, field->id) &&
           (list->by_nature || text_append(out, words[field->requiredness])) &&
           print_type(out, field->type, &written) &&
           text_append(out, field->reference ? " & " : " ") && text_append(out, field->node.name);
}

static thrift_status print_field(thrift_buffer *out, struct field_list *list,
                                 const thrift_field *field, size_t indent, thrift_error *err)
{
    thrift_status status = THRIFT_OK;

    if (!print_field_head(out, list, field)) {
        return FAIL_NOMEM(err);
    }
    if (field->default_value != NULL) {
        if (!text_append(out, " = ")) {
            return FAIL_NOMEM(err);
        }
        status = print_value(out, field->default_value, field->type, field->node.file, indent, err);
    }
    return status == THRIFT_OK && !print_notes(out, &field->node) ? FAIL_NOMEM(err) : status;
}

/* Each on a line of its own, with its comment. */
static thrift_status print_lines(thrift_buffer *out, struct field_list *list, size_t indent,
                                 thrift_error *err)
{
    for (uint32_t i = 0; i < list->fields->field_count; i++) {
        const thrift_field *field = &list->fields->fields[i];
        thrift_status status;

        if (!print_above(out, &field->node, indent) || !print_indent(out, indent)) {
            return FAIL_NOMEM(err);
        }
        status = print_field(out, list, field, indent, err);
        if (status != THRIFT_OK) {
            return status;
        }
        if (!text_append(out, ",\n")) {
            return FAIL_NOMEM(err);
        }
    }
    return THRIFT_OK;
}

static thrift_status print_struct(thrift_buffer *out, const thrift_struct *s, thrift_error *err)
{
    static const char *const words[] = {[THRIFT_NODE_STRUCT] = "struct",
                                        [THRIFT_NODE_UNION] = "union",
                                        [THRIFT_NODE_EXCEPTION] = "exception"};
    struct field_list list = {s, s->node.kind == THRIFT_NODE_UNION, -1};
    thrift_status status;

    if (!text_printf(out, "%s %s {\n", words[s->node.kind], s->node.name)) {
        return FAIL_NOMEM(err);
    }
    status = print_lines(out, &list, INDENT, err);
    if (status != THRIFT_OK) {
        return status;
    }
    return text_append(out, "}") && print_notes(out, &s->node) && text_append(out, "\n")
               ? THRIFT_OK
               : FAIL_NOMEM(err);
}

static bool print_enum(thrift_buffer *out, const thrift_enum *e)
{
    bool ok = text_printf(out, "enum %s {\n", e->node.name);

    for (size_t i = 0; i < e->symbol_count && ok; i++) {
        const thrift_symbol *symbol = &e->symbols[i];

        ok = print_above(out, &symbol->node, INDENT) && print_indent(out, INDENT) &&
             text_printf(out, "%s = %" PRId32, symbol->node.name, symbol->number) &&
             print_notes(out, &symbol->node) && text_append(out, ",\n");
    }
    return ok && text_append(out, "}") && print_notes(out, &e->node) && text_append(out, "\n");
}

/* "1: i32 id, 2: string name" */
static thrift_status print_row(thrift_buffer *out, struct field_list *list, thrift_error *err)
{
    thrift_status status = THRIFT_OK;

    for (uint32_t i = 0; i < list->fields->field_count && status == THRIFT_OK; i++) {
        if (i > 0 && !text_append(out, ", ")) {
            return FAIL_NOMEM(err);
        }
        status = print_field(out, list, &list->fields->fields[i], INDENT, err);
    }
    return status;
}

static bool needs_lines(const thrift_struct *fields)
{
    for (uint32_t i = 0; i < fields->field_count; i++) {
        const thrift_node *node = &fields->fields[i].node;

        if (node->doc != NULL || (node->annotation_count > 0 && *node->annotations[0].key == '@')) {
            return true;
        }
    }
    return false;
}

/* In parentheses: on one line, or on several when there are comments or too many of them. */
static thrift_status print_parameters(thrift_buffer *out, const thrift_struct *fields, bool thrown,
                                      thrift_error *err)
{
    struct field_list list = {fields, thrown, -1};
    size_t start = out->size;
    thrift_status status = text_append(out, "(") ? THRIFT_OK : FAIL_NOMEM(err);
    bool row = !needs_lines(fields);

    if (status == THRIFT_OK && row) {
        status = print_row(out, &list, err);
    }
    if (status == THRIFT_OK && (!row || out->size - start > PARAMETERS_SIZE)) {
        out->size = start;
        list.next_id = -1;
        status =
            text_append(out, "(\n") ? print_lines(out, &list, 2 * INDENT, err) : FAIL_NOMEM(err);
        if (status == THRIFT_OK && !print_indent(out, INDENT)) {
            return FAIL_NOMEM(err);
        }
    }
    return status == THRIFT_OK && !text_append(out, ")") ? FAIL_NOMEM(err) : status;
}

static thrift_status print_method(thrift_buffer *out, const thrift_method *method,
                                  thrift_error *err)
{
    thrift_status status;

    if (!print_above(out, &method->node, INDENT) || !print_indent(out, INDENT) ||
        !text_append(out, method->oneway ? "oneway " : "") ||
        !print_type(out, method->result, &written) || !text_printf(out, " %s", method->node.name)) {
        return FAIL_NOMEM(err);
    }
    status = print_parameters(out, method->arguments, false, err);
    if (status == THRIFT_OK && method->throws->field_count > 0) {
        status = text_append(out, " throws ") ? print_parameters(out, method->throws, true, err)
                                              : FAIL_NOMEM(err);
    }
    if (status == THRIFT_OK && (!print_notes(out, &method->node) || !text_append(out, ",\n"))) {
        status = FAIL_NOMEM(err);
    }
    return status;
}

static bool print_parent(thrift_buffer *out, const thrift_service *service)
{
    const thrift_service *parent = service->parent;

    if (parent == NULL) {
        return true;
    }
    if (parent->node.file == service->node.file) {
        return text_printf(out, " extends %s", parent->node.name);
    }
    return text_printf(out, " extends %s.%s", print_prefix(service->node.file, parent->node.file),
                       parent->node.name);
}

static thrift_status print_service(thrift_buffer *out, const thrift_service *service,
                                   thrift_error *err)
{
    if (!text_printf(out, "service %s", service->node.name) || !print_parent(out, service) ||
        !text_append(out, " {\n")) {
        return FAIL_NOMEM(err);
    }
    for (size_t i = 0; i < service->method_count; i++) {
        thrift_status status = print_method(out, &service->methods[i], err);

        if (status != THRIFT_OK) {
            return status;
        }
    }
    return text_append(out, "}") && print_notes(out, &service->node) && text_append(out, "\n")
               ? THRIFT_OK
               : FAIL_NOMEM(err);
}

static thrift_status print_constant(thrift_buffer *out, const thrift_constant *constant,
                                    thrift_error *err)
{
    thrift_status status;

    if (!text_append(out, "const ") || !print_type(out, constant->type, &written) ||
        !text_printf(out, " %s = ", constant->node.name)) {
        return FAIL_NOMEM(err);
    }
    status = print_value(out, constant->value, constant->type, constant->node.file, 0, err);
    if (status == THRIFT_OK && (!print_notes(out, &constant->node) || !text_append(out, "\n"))) {
        status = FAIL_NOMEM(err);
    }
    return status;
}

static bool print_alias(thrift_buffer *out, const thrift_alias *alias)
{
    return text_append(out, "typedef ") && print_type(out, alias->type, &written) &&
           text_printf(out, " %s", alias->node.name) && print_notes(out, &alias->node) &&
           text_append(out, "\n");
}

thrift_status print_definition(thrift_buffer *out, const thrift_node *node, thrift_error *err)
{
    if (!print_above(out, node, 0)) {
        return FAIL_NOMEM(err);
    }
    switch (node->kind) {
    case THRIFT_NODE_STRUCT:
    case THRIFT_NODE_UNION:
    case THRIFT_NODE_EXCEPTION:
        return print_struct(out, thrift_node_struct(node), err);
    case THRIFT_NODE_ENUM:
        return print_enum(out, thrift_node_enum(node)) ? THRIFT_OK : FAIL_NOMEM(err);
    case THRIFT_NODE_SERVICE:
        return print_service(out, thrift_node_service(node), err);
    case THRIFT_NODE_CONSTANT:
        return print_constant(out, thrift_node_constant(node), err);
    case THRIFT_NODE_ALIAS:
        return print_alias(out, thrift_node_alias(node)) ? THRIFT_OK : FAIL_NOMEM(err);
    case THRIFT_NODE_FIELD:
    case THRIFT_NODE_SYMBOL:
    case THRIFT_NODE_METHOD:
    default:
        return FAIL(err, THRIFT_E_ARGUMENT, "'%s' is part of a definition", node->name);
    }
}
