/*
 * Types and annotations as IDL.
 *
 * A type nests; what is still to be printed behind an element (the "," of a map, the ">") waits on
 * an explicit stack of bounded depth. Deeper types do not load (docs/reference/limits.md); typedefs
 * of typedefs, resolved, can be deeper and end in "…".
 */
#include <stdlib.h>

#include "base/buffer.h"
#include "base/text.h"
#include "schema/print.h"

#define MAX_DEPTH 130

struct open_type {
    const thrift_type *type;
    bool at_value; /* of a map: the key is done */
};

static const char *const keywords[] = {
    [THRIFT_KIND_NONE] = "void",     [THRIFT_KIND_BOOL] = "bool",
    [THRIFT_KIND_I8] = "i8",         [THRIFT_KIND_I16] = "i16",
    [THRIFT_KIND_I32] = "i32",       [THRIFT_KIND_I64] = "i64",
    [THRIFT_KIND_DOUBLE] = "double", [THRIFT_KIND_STRING] = "string",
    [THRIFT_KIND_BINARY] = "binary", [THRIFT_KIND_UUID] = "uuid",
    [THRIFT_KIND_ENUM] = "i32",      [THRIFT_KIND_RECORD] = "struct",
    [THRIFT_KIND_LIST] = "list<",    [THRIFT_KIND_SET] = "set<",
    [THRIFT_KIND_MAP] = "map<",
};

static const char *name_of(const thrift_type *type, const struct print_type_style *style)
{
    if (!style->resolved && (type->alias != NULL || type->kind == THRIFT_KIND_RECORD ||
                             type->kind == THRIFT_KIND_ENUM)) {
        return type->spelling;
    }
    if (type->is_float && type->kind == THRIFT_KIND_DOUBLE) {
        return "float";
    }
    if (type->kind == THRIFT_KIND_RECORD) {
        return type->record->full_name;
    }
    return type->kind == THRIFT_KIND_ENUM ? type->symbols->full_name : keywords[type->kind];
}

/* Its elements are printed, too. */
static bool opens(const thrift_type *type, const struct print_type_style *style)
{
    return type->element != NULL && (style->resolved || type->alias == NULL);
}

static bool print_notes(thrift_buffer *out, const thrift_type *type,
                        const struct print_type_style *style)
{
    return !style->annotations || print_annotations(out, type->annotations, type->annotation_count);
}

/* Closes what is finished and leaves the next element in *next; NULL when all is closed. */
static bool print_behind(thrift_buffer *out, struct open_type *stack, size_t *depth,
                         const struct print_type_style *style, const thrift_type **next)
{
    *next = NULL;
    while (*depth > 0 && *next == NULL) {
        struct open_type *top = &stack[*depth - 1];

        if (top->type->kind == THRIFT_KIND_MAP && !top->at_value) {
            top->at_value = true;
            *next = top->type->element;
            return text_append(out, ", ");
        }
        if (!text_append(out, ">") || !print_notes(out, top->type, style)) {
            return false;
        }
        (*depth)--;
    }
    return true;
}

bool print_type(thrift_buffer *out, const thrift_type *type, const struct print_type_style *style)
{
    struct open_type stack[MAX_DEPTH];
    size_t depth = 0, start = out->size;

    if (type == NULL) {
        return text_append(out, "void");
    }
    while (type != NULL) {
        if (depth == MAX_DEPTH || (style->max_size > 0 && out->size - start > style->max_size)) {
            return text_append(out, "…");
        }
        if (!text_append(out, name_of(type, style))) {
            return false;
        }
        if (opens(type, style)) {
            stack[depth++] = (struct open_type){type, false};
            type = type->kind == THRIFT_KIND_MAP ? type->key : type->element;
        } else if (!print_notes(out, type, style) ||
                   !print_behind(out, stack, &depth, style, &type)) {
            return false;
        }
    }
    return true;
}

static const char *escape_of(uint8_t byte)
{
    switch (byte) {
    case '\n':
        return "\\n";
    case '\r':
        return "\\r";
    case '\t':
        return "\\t";
    case '"':
        return "\\\"";
    case '\\':
        return "\\\\";
    default:
        return NULL;
    }
}

bool print_string(thrift_buffer *out, const void *bytes, size_t size)
{
    const uint8_t *text = bytes;
    size_t start = 0;

    if (!text_append(out, "\"")) {
        return false;
    }
    for (size_t i = 0; i < size; i++) {
        const char *escape = escape_of(text[i]);

        if (escape != NULL) {
            if (!buffer_append(out, text + start, i - start) || !text_append(out, escape)) {
                return false;
            }
            start = i + 1;
        }
    }
    return buffer_append(out, size > start ? text + start : NULL, size - start) &&
           text_append(out, "\"");
}

/* fbthrift's "@Name{…}" stands before an element, with its text as value. */
static bool is_structured(const struct annotation *annotation) { return *annotation->key == '@'; }

bool print_annotations(thrift_buffer *out, const struct annotation *annotations, size_t count)
{
    bool open = false;

    for (size_t i = 0; i < count; i++) {
        if (is_structured(&annotations[i])) {
            continue;
        }
        if (!text_append(out, open ? ", " : " (") || !text_append(out, annotations[i].key) ||
            !text_append(out, " = ") ||
            !print_string(out, annotations[i].value, strlen(annotations[i].value))) {
            return false;
        }
        open = true;
    }
    return !open || text_append(out, ")");
}

bool print_structured(thrift_buffer *out, const struct annotation *annotations, size_t count,
                      size_t indent)
{
    for (size_t i = 0; i < count; i++) {
        const char *body = annotations[i].value;

        if (is_structured(&annotations[i]) &&
            (!print_indent(out, indent) || !text_append(out, annotations[i].key) ||
             (*body == '{' && !text_append(out, body)) || !text_append(out, "\n"))) {
            return false;
        }
    }
    return true;
}
