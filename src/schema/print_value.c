/*
 * Constants and defaults as IDL.
 *
 * References were resolved when the definition was loaded, so a constant is printed as its value.
 * An enum's value is printed by name where the file may use the name, else as its number.
 */
#include <inttypes.h>

#include "base/buffer.h"
#include "base/error.h"
#include "base/number.h"
#include "base/text.h"
#include "schema/print.h"

#define MAX_DEPTH 130
#define MAX_SIZE ((size_t)16 << 20)
#define LINE_SIZE 80

/* A container that is being printed. */
struct open_value {
    const struct const_value *value;
    const thrift_type *type;
    size_t next; /* item to be printed; a map counts keys and values */
};

struct value_printer {
    thrift_buffer *out;
    const struct schema_file *file;
    bool broken; /* the outermost container stands on several lines */
    size_t indent;
    size_t depth;
    struct open_value open[MAX_DEPTH];
};

static bool is_visible(const struct schema_file *file, const struct schema_file *other)
{
    if (file == other) {
        return true;
    }
    for (size_t i = 0; i < file->include_count; i++) {
        if (file->includes[i].file == other) {
            return true;
        }
    }
    return false;
}

const char *print_prefix(const struct schema_file *file, const struct schema_file *other)
{
    for (size_t i = 0; i < file->include_count; i++) {
        if (file->includes[i].file == other && file->includes[i].alias != NULL) {
            return file->includes[i].alias;
        }
    }
    return other->prefix;
}

static bool print_symbol(const struct value_printer *p, const thrift_enum *symbols, int64_t number)
{
    const thrift_symbol *symbol =
        symbols == NULL ? NULL : thrift_enum_by_number(symbols, (int32_t)number);

    if (symbol == NULL || !is_visible(p->file, symbols->node.file)) {
        return text_printf(p->out, "%" PRId64, number);
    }
    return (symbols->node.file == p->file ||
            text_printf(p->out, "%s.", print_prefix(p->file, symbols->node.file))) &&
           text_printf(p->out, "%s.%s", symbols->node.name, symbol->node.name);
}

static bool print_real(thrift_buffer *out, double real)
{
    char text[NUMBER_DOUBLE_SIZE];

    number_format_double(real, text);
    if (strcmp(text, "inf") == 0 || strcmp(text, "-inf") == 0) {
        return text_append(out, *text == '-' ? "-1e999" : "1e999");
    }
    /* A whole number would be read as an integer, which may be too large for one. */
    return text_append(out, text) && (strpbrk(text, ".e") != NULL || text_append(out, ".0"));
}

static bool print_uuid(thrift_buffer *out, const uint8_t uuid[16])
{
    bool ok = text_append(out, "\"");

    for (size_t i = 0; i < 16 && ok; i++) {
        bool dash = i == 4 || i == 6 || i == 8 || i == 10;

        ok = text_printf(out, "%s%02x", dash ? "-" : "", uuid[i]);
    }
    return ok && text_append(out, "\"");
}

static size_t item_count(const struct const_value *value)
{
    if (value->kind == THRIFT_KIND_RECORD) {
        return 2 * value->as.record.count;
    }
    return value->as.container.count * (value->kind == THRIFT_KIND_MAP ? 2 : 1);
}

static bool is_list(const struct const_value *value)
{
    return value->kind == THRIFT_KIND_LIST || value->kind == THRIFT_KIND_SET;
}

static bool is_container(const struct const_value *value)
{
    return is_list(value) || value->kind == THRIFT_KIND_MAP || value->kind == THRIFT_KIND_RECORD;
}

static bool print_scalar(struct value_printer *p, const struct const_value *value,
                         const thrift_type *type)
{
    switch (value->kind) {
    case THRIFT_KIND_BOOL:
        return text_append(p->out, value->as.boolean ? "true" : "false");
    case THRIFT_KIND_DOUBLE:
        return print_real(p->out, value->as.real);
    case THRIFT_KIND_STRING:
    case THRIFT_KIND_BINARY:
        return print_string(p->out, value->as.bytes.data, value->as.bytes.size);
    case THRIFT_KIND_UUID:
        return print_uuid(p->out, value->as.uuid);
    case THRIFT_KIND_ENUM:
        return print_symbol(p, type->symbols, value->as.integer);
    case THRIFT_KIND_I8:
    case THRIFT_KIND_I16:
    case THRIFT_KIND_I32:
    case THRIFT_KIND_I64:
    case THRIFT_KIND_NONE:
    case THRIFT_KIND_RECORD:
    case THRIFT_KIND_LIST:
    case THRIFT_KIND_SET:
    case THRIFT_KIND_MAP:
    default:
        return text_printf(p->out, "%" PRId64, value->as.integer);
    }
}

/* Prints a scalar, or opens a container. */
static bool print_begin(struct value_printer *p, const struct const_value *value,
                        const thrift_type *type)
{
    if (!is_container(value)) {
        return print_scalar(p, value, type);
    }
    p->open[p->depth++] = (struct open_value){value, type, 0};
    return text_append(p->out, is_list(value) ? "[" : "{");
}

static bool print_line(struct value_printer *p, size_t indent)
{
    return text_append(p->out, "\n") && print_indent(p->out, indent);
}

/* What stands before item number `top->next`: nothing, a comma, a colon, a new line. */
static bool print_between(struct value_printer *p, const struct open_value *top)
{
    bool pairs = !is_list(top->value);

    if (pairs && top->next % 2 == 1) {
        return text_append(p->out, ": ");
    }
    if (p->broken && p->depth == 1) {
        return (top->next == 0 || text_append(p->out, ",")) && print_line(p, p->indent + 2);
    }
    return top->next == 0 || text_append(p->out, ", ");
}

static bool print_item(struct value_printer *p, struct open_value *top)
{
    size_t i = top->next++;

    if (top->value->kind == THRIFT_KIND_RECORD) {
        const thrift_field *field = top->value->as.record.fields[i / 2];

        return i % 2 == 0 ? print_string(p->out, field->node.name, strlen(field->node.name))
                          : print_begin(p, &top->value->as.record.values[i / 2], field->type);
    }
    return print_begin(p, &top->value->as.container.items[i],
                       top->value->kind == THRIFT_KIND_MAP && i % 2 == 0 ? top->type->key
                                                                         : top->type->element);
}

static bool print_end(struct value_printer *p, const struct open_value *top)
{
    if (p->broken && p->depth == 1 && !print_line(p, p->indent)) {
        return false;
    }
    p->depth--;
    return text_append(p->out, is_list(top->value) ? "]" : "}");
}

static bool print_all(struct value_printer *p, const struct const_value *value,
                      const thrift_type *type)
{
    size_t start = p->out->size;
    bool ok = print_begin(p, value, type);

    while (ok && p->depth > 0) {
        struct open_value *top = &p->open[p->depth - 1];

        if (top->next == item_count(top->value)) {
            ok = print_end(p, top);
        } else {
            ok = p->depth < MAX_DEPTH && p->out->size - start < MAX_SIZE && print_between(p, top) &&
                 print_item(p, top);
        }
    }
    return ok;
}

/* Bytes behind the last newline. */
static size_t column_of(const thrift_buffer *out)
{
    size_t column = 0;

    while (column < out->size && out->data[out->size - column - 1] != '\n') {
        column++;
    }
    return column;
}

thrift_status print_value(thrift_buffer *out, const struct const_value *value,
                          const thrift_type *type, const struct schema_file *file, size_t indent,
                          thrift_error *err)
{
    struct value_printer p = {.out = out, .file = file, .indent = indent};
    size_t start = out->size;
    bool ok = print_all(&p, value, type);

    if (ok && is_container(value) && item_count(value) > 0 && column_of(out) > LINE_SIZE) {
        out->size = start;
        p.broken = true;
        ok = print_all(&p, value, type);
    }
    if (ok) {
        return THRIFT_OK;
    }
    if (p.depth == MAX_DEPTH || out->size - start >= MAX_SIZE) {
        return FAIL(err, THRIFT_E_LIMIT, "a constant is larger than %zu bytes as text", MAX_SIZE);
    }
    return FAIL_NOMEM(err);
}
