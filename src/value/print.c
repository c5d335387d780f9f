/*
 * A record for people: a line per field, containers of plain values on one line.
 */
#include <inttypes.h>

#include "base/number.h"
#include "base/stack.h"
#include "base/text.h"
#include "base/utf8.h"
#include "base/uuid.h"
#include "schema/lookup.h"
#include "value/object.h"

#define ROOM 16

struct frame {
    const thrift_type *type;
    const void *object;
    uint32_t at, count;
    bool inlined; /* children side by side */
};

struct printer {
    FILE *to;
    struct stack stack;
};

static void print_text(FILE *to, thrift_bytes text)
{
    char quoted[TEXT_QUOTED_SIZE];

    if (utf8_check(text.data, text.size) != text.size) {
        fputs(text_quote_readable(text.data, text.size, quoted), to);
        return;
    }
    fputc('"', to);
    for (size_t i = 0; i < text.size; i++) {
        uint8_t c = text.data[i];

        if (c < 0x20 || c == 0x7f) {
            fprintf(to, "\\x%02x", c);
        } else {
            if (c == '"' || c == '\\') {
                fputc('\\', to);
            }
            fputc(c, to);
        }
    }
    fputc('"', to);
}

static void print_double(FILE *to, double x)
{
    char text[NUMBER_DOUBLE_SIZE];

    number_format_double(x, text);
    fputs(text, to);
}

static void print_enum(FILE *to, const thrift_enum *symbols, int32_t number)
{
    const thrift_symbol *symbol = enum_find_number(symbols, number);

    if (symbol != NULL) {
        fprintf(to, "%s", symbol->node.name);
    } else {
        fprintf(to, "%" PRId32, number);
    }
}

static void print_scalar(FILE *to, const thrift_type *type, const void *slot)
{
    union slot value;
    char uuid[UUID_TEXT_SIZE];

    memcpy(&value, slot, slot_size(type->kind));
    switch (type->kind) {
    case THRIFT_KIND_BOOL:
        fputs(value.boolean ? "true" : "false", to);
        break;
    case THRIFT_KIND_I8:
        fprintf(to, "%d", value.i8);
        break;
    case THRIFT_KIND_I16:
        fprintf(to, "%d", value.i16);
        break;
    case THRIFT_KIND_I32:
        fprintf(to, "%" PRId32, value.i32);
        break;
    case THRIFT_KIND_I64:
        fprintf(to, "%" PRId64, value.i64);
        break;
    case THRIFT_KIND_DOUBLE:
        print_double(to, value.real);
        break;
    case THRIFT_KIND_STRING:
    case THRIFT_KIND_BINARY:
        print_text(to, value.bytes);
        break;
    case THRIFT_KIND_UUID:
        uuid_write(uuid, value.uuid.bytes);
        fprintf(to, "%.*s", UUID_TEXT_SIZE, uuid);
        break;
    case THRIFT_KIND_ENUM:
        print_enum(to, type->symbols, value.i32);
        break;
    case THRIFT_KIND_NONE:
    case THRIFT_KIND_RECORD:
    case THRIFT_KIND_LIST:
    case THRIFT_KIND_SET:
    case THRIFT_KIND_MAP:
        break;
    }
}

/* What is deeper than that is printed no further to the right, or the spaces of a deep value would
 * be its depth's square. */
#define INDENT_MOST 64u

static void indent(const struct printer *printer)
{
    for (size_t i = 0; i < printer->stack.count && i < INDENT_MOST; i++) {
        fputs("  ", printer->to);
    }
}

static bool is_inlined(const thrift_type *type, uint32_t count)
{
    return count == 0 ||
           (type->kind != THRIFT_KIND_RECORD && !kind_is_object(type->element->kind) &&
            (type->key == NULL || !kind_is_object(type->key->kind)));
}

static bool begin(struct printer *printer, const thrift_type *type, const void *object)
{
    uint32_t count = object_count(type, object);
    bool inlined = is_inlined(type, count);
    struct frame *frame;

    if (type->kind == THRIFT_KIND_RECORD) {
        fprintf(printer->to, "%s ", ((const thrift_record *)object)->layout->type->full_name);
    }
    fputs(kind_is_list(type->kind) ? "[" : "{", printer->to);
    if (!inlined) {
        fputc('\n', printer->to);
    }
    frame = stack_push(&printer->stack);
    if (frame == NULL) {
        fputs("... (out of memory)\n", printer->to);
        return false;
    }
    *frame = (struct frame){type, object, 0, count, inlined};
    return true;
}

/* The line or list that the top frame stands in goes on. */
static void end_child(const struct printer *printer)
{
    const struct frame *frame = stack_top(&printer->stack);

    if (frame == NULL) {
        fputc('\n', printer->to);
    } else if (frame->type->kind == THRIFT_KIND_MAP && frame->at % 2 == 1) {
        fputs(": ", printer->to);
    } else if (!frame->inlined) {
        fputc('\n', printer->to);
    } else if (frame->at < frame->count) {
        fputs(", ", printer->to);
    }
}

static void end(struct printer *printer)
{
    struct frame frame = *(const struct frame *)stack_at(&printer->stack, printer->stack.count - 1);

    stack_pop(&printer->stack);
    if (!frame.inlined) {
        indent(printer);
    }
    fputs(kind_is_list(frame.type->kind) ? "]" : "}", printer->to);
    end_child(printer);
}

static bool print_child(struct printer *printer, struct frame *frame)
{
    uint32_t i = frame->at++;
    const thrift_type *type;
    const void *slot = object_child(frame->type, frame->object, i, &type);
    bool value_of_map = frame->type->kind == THRIFT_KIND_MAP && i % 2 == 1;

    if (frame->type->kind == THRIFT_KIND_RECORD) {
        const thrift_record *record = frame->object;

        if (!record_has(record, &record->layout->fields[i])) {
            return true;
        }
    }
    if (!frame->inlined && !value_of_map) {
        indent(printer);
    }
    if (frame->type->kind == THRIFT_KIND_RECORD) {
        const thrift_record *record = frame->object;

        fprintf(printer->to, "%s: ", record->layout->fields[i].field->node.name);
    }
    if (kind_is_object(type->kind)) {
        return begin(printer, type, slot_object(slot));
    }
    print_scalar(printer->to, type, slot);
    end_child(printer);
    return true;
}

void thrift_record_print(const thrift_record *record, FILE *to)
{
    struct frame room[ROOM], *frame;
    struct printer printer = {.to = to};
    bool going;

    if (record == NULL || to == NULL) {
        return;
    }
    stack_init(&printer.stack, room, sizeof room, sizeof room[0],
               record->root != NULL ? &record->root->arena.allocator : NULL);
    going = begin(&printer, &record_type_of_any, record);
    while (going && (frame = stack_top(&printer.stack)) != NULL) {
        if (frame->at < frame->count) {
            going = print_child(&printer, frame);
        } else {
            end(&printer);
        }
    }
    stack_deinit(&printer.stack);
}
