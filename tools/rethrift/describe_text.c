/*
 * Definitions for people: what there is, with its documentation.
 */
#include <string.h>

#include "definition.h"
#include "describe.h"

/* Every line of a comment, indented. */
static void print_doc(FILE *to, const thrift_node *node, int indent)
{
    const char *doc = thrift_node_doc(node);

    while (doc != NULL && *doc != '\0') {
        size_t size = strcspn(doc, "\n");

        fprintf(to, "%*s%.*s\n", size > 0 ? indent : 0, "", (int)size, doc);
        doc += size + (doc[size] == '\n');
    }
}

static void print_annotations(FILE *to, const thrift_node *node)
{
    size_t count = thrift_node_annotation_count(node);

    for (size_t i = 0; i < count; i++) {
        const char *value = NULL, *key = thrift_node_annotation_at(node, i, &value);

        fprintf(to, "%s%s = \"%s\"%s", i == 0 ? "  (" : ", ", key, value,
                i + 1 == count ? ")" : "");
    }
}

/* "struct User                    user.thrift:3" */
static void print_title(FILE *to, const char *title, const thrift_node *node)
{
    thrift_place place = thrift_node_place(node);

    fprintf(to, "%-48s  %s:%u", title, place.source, (unsigned)place.line);
    print_annotations(to, node);
    fputc('\n', to);
    print_doc(to, node, 2);
}

static int width_of(const char *text, int least)
{
    int size = (int)strlen(text);

    return size > least ? size : least;
}

static void print_default(FILE *to, thrift_value value)
{
    if (value.kind != THRIFT_KIND_NONE) {
        fputs(" = ", to);
        describe_value(&(struct json_out){.file = to, .compact = true}, NULL, value);
    }
}

/* ---- structs ---- */

static const char *requiredness_of(const thrift_field *field)
{
    static const char *const words[] = {[THRIFT_FIELD_DEFAULT] = "",
                                        [THRIFT_FIELD_REQUIRED] = "required",
                                        [THRIFT_FIELD_OPTIONAL] = "optional"};

    return words[thrift_field_requiredness(field)];
}

static void print_field(FILE *to, const thrift_field *field, int requiredness, int type)
{
    fprintf(to, "  %5d  ", thrift_field_id(field));
    if (requiredness > 0) {
        fprintf(to, "%-*s ", requiredness, requiredness_of(field));
    }
    fprintf(to, "%-*s  %s", type, thrift_type_spelling(thrift_field_type(field)),
            thrift_field_name(field));
    print_default(to, thrift_field_default(field));
    print_annotations(to, thrift_node_of(field));
    fputc('\n', to);
    print_doc(to, thrift_node_of(field), 9);
}

static void print_fields(FILE *to, const thrift_struct *fields)
{
    int requiredness = 0, type = 0;

    for (size_t i = 0; i < thrift_struct_count(fields); i++) {
        const thrift_field *field = thrift_struct_at(fields, i);
        int size = width_of(thrift_type_spelling(thrift_field_type(field)), type);

        requiredness = width_of(requiredness_of(field), requiredness);
        type = size <= 40 ? size : type;
    }
    for (size_t i = 0; i < thrift_struct_count(fields); i++) {
        print_field(to, thrift_struct_at(fields, i), requiredness, type);
    }
}

static void print_struct(FILE *to, const thrift_node *node)
{
    char title[256];

    snprintf(title, sizeof title, "%s %.200s",
             thrift_node_is(node) == THRIFT_NODE_UNION       ? "union"
             : thrift_node_is(node) == THRIFT_NODE_EXCEPTION ? "exception"
                                                             : "struct",
             thrift_node_name(node));
    print_title(to, title, node);
    print_fields(to, thrift_node_struct(node));
}

/* ---- enums ---- */

static void print_enum(FILE *to, const thrift_enum *e)
{
    char title[256];
    int width = 0;

    snprintf(title, sizeof title, "enum %.200s", thrift_enum_name(e));
    print_title(to, title, thrift_node_of(e));
    for (size_t i = 0; i < thrift_enum_count(e); i++) {
        width = width_of(thrift_symbol_name(thrift_enum_at(e, i)), width);
    }
    for (size_t i = 0; i < thrift_enum_count(e); i++) {
        const thrift_symbol *symbol = thrift_enum_at(e, i);

        fprintf(to, "  %-*s  %d", width, thrift_symbol_name(symbol), thrift_symbol_number(symbol));
        print_annotations(to, thrift_node_of(symbol));
        fputc('\n', to);
        print_doc(to, thrift_node_of(symbol), 6);
    }
}

/* ---- services ---- */

static void print_parameters(FILE *to, const thrift_struct *parameters, bool thrown)
{
    fputc('(', to);
    for (size_t i = 0; i < thrift_struct_count(parameters); i++) {
        const thrift_field *field = thrift_struct_at(parameters, i);

        const char *word = thrown ? "" : requiredness_of(field);

        fprintf(to, "%s%d: %s%s%s %s", i == 0 ? "" : ", ", thrift_field_id(field), word,
                *word != '\0' ? " " : "", thrift_type_spelling(thrift_field_type(field)),
                thrift_field_name(field));
        print_default(to, thrift_field_default(field));
    }
    fputc(')', to);
}

static void print_method(FILE *to, const thrift_method *method)
{
    fprintf(to, "  %s%s %s", thrift_method_oneway(method) ? "oneway " : "",
            thrift_type_spelling(thrift_method_result(method)), thrift_method_name(method));
    print_parameters(to, thrift_method_args(method), false);
    if (thrift_struct_count(thrift_method_throws(method)) > 0) {
        fputs("\n      throws ", to);
        print_parameters(to, thrift_method_throws(method), true);
    }
    print_annotations(to, thrift_node_of(method));
    fputc('\n', to);
    print_doc(to, thrift_node_of(method), 6);
}

static void print_service(FILE *to, const thrift_service *service)
{
    const thrift_service *parent = thrift_service_parent(service);
    const char *file = thrift_node_place(thrift_node_of(service)).source, *parent_file;
    char title[1024], prefix[PREFIX_SIZE] = "";

    parent_file = parent != NULL ? thrift_node_place(thrift_node_of(parent)).source : file;
    if (strcmp(file, parent_file) != 0) {
        definition_prefix(parent_file, prefix);
    }
    snprintf(title, sizeof title, "service %.200s%s%s%s%.200s", thrift_service_name(service),
             parent != NULL ? " extends " : "", prefix, *prefix != '\0' ? "." : "",
             parent != NULL ? thrift_service_name(parent) : "");
    print_title(to, title, thrift_node_of(service));
    for (size_t i = 0; i < thrift_service_count(service); i++) {
        print_method(to, thrift_service_at(service, i));
    }
}

/* ---- the rest ---- */

static void print_constant(FILE *to, const thrift_constant *constant)
{
    char title[512];

    snprintf(title, sizeof title, "const %.200s %.200s",
             thrift_type_spelling(thrift_constant_type(constant)), thrift_constant_name(constant));
    print_title(to, title, thrift_node_of(constant));
    fputs("  = ", to);
    describe_value(&(struct json_out){.file = to, .compact = true}, NULL,
                   thrift_constant_value(constant));
    fputc('\n', to);
}

static void print_alias(FILE *to, const thrift_alias *alias)
{
    char title[512];

    snprintf(title, sizeof title, "typedef %.200s %.200s",
             thrift_type_spelling(thrift_alias_type(alias)), thrift_alias_name(alias));
    print_title(to, title, thrift_node_of(alias));
}

void describe_text_node(FILE *to, const thrift_node *node)
{
    if (thrift_node_struct(node) != NULL) {
        print_struct(to, node);
    } else if (thrift_node_enum(node) != NULL) {
        print_enum(to, thrift_node_enum(node));
    } else if (thrift_node_service(node) != NULL) {
        print_service(to, thrift_node_service(node));
    } else if (thrift_node_constant(node) != NULL) {
        print_constant(to, thrift_node_constant(node));
    } else {
        print_alias(to, thrift_node_alias(node));
    }
}

void describe_text_method(FILE *to, const thrift_method *method)
{
    thrift_place place = thrift_node_place(thrift_node_of(method));

    fprintf(to, "%s.%s  %s:%u\n", thrift_service_name(thrift_method_service(method)),
            thrift_method_name(method), place.source, (unsigned)place.line);
    print_method(to, method);
}

static void print_head(FILE *to, const thrift_schema *schema)
{
    fprintf(to, "%s\n", thrift_schema_file(schema, 0, NULL));
    for (size_t i = 0; i < thrift_schema_namespace_count(schema, 0); i++) {
        const char *name = NULL, *scope = thrift_schema_namespace(schema, 0, i, &name);

        fprintf(to, "  namespace %-8s %s\n", scope, name);
    }
    for (size_t i = 0; i < thrift_schema_include_count(schema, 0); i++) {
        fprintf(to, "  include %s\n", thrift_schema_include(schema, 0, i, NULL));
    }
    fprintf(to, "  fingerprint %.16s\n", thrift_schema_fingerprint(schema));
}

void describe_text_schema(FILE *to, const thrift_schema *schema)
{
    const char *root = thrift_schema_file(schema, 0, NULL);

    print_head(to, schema);
    for (size_t i = 0; i < thrift_schema_count(schema); i++) {
        const thrift_node *node = thrift_schema_node(schema, i);

        if (strcmp(thrift_node_place(node).source, root) == 0) {
            fputc('\n', to);
            describe_text_node(to, node);
        }
    }
}
