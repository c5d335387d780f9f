/*
 * One rule on one value.
 */
#include "value/rule.h"

#include <math.h>
#include <string.h>

#include "base/error.h"
#include "base/integer.h"
#include "base/number.h"
#include "schema/lookup.h"
#include "value/object.h"

const char *rule_name(const struct annotation *annotation)
{
    return strncmp(annotation->key, "vt.", 3) == 0 ? annotation->key + 3 : NULL;
}

static bool is_text(const thrift_type *type)
{
    return type->kind == THRIFT_KIND_STRING || type->kind == THRIFT_KIND_BINARY;
}

static bool integer_of(const char *text, int64_t *out)
{
    const uint8_t *at = (const uint8_t *)text, *end = at + strlen(text);

    return integer_read_i64(&at, end, out) == INTEGER_OK && at == end;
}

/* A symbol's name, with or without its enum's, or a number. */
static bool symbol_of(const thrift_enum *symbols, const char *text, int64_t *out)
{
    const char *dot = strrchr(text, '.');
    const char *name = dot != NULL ? dot + 1 : text;
    const thrift_symbol *symbol = enum_find_symbol(symbols, name, strlen(name));

    if (symbol != NULL) {
        *out = thrift_symbol_number(symbol);
        return true;
    }
    return integer_of(text, out);
}

static int64_t number_in(thrift_kind kind, const void *slot)
{
    union slot value;

    memcpy(&value, slot, slot_size(kind));
    return kind == THRIFT_KIND_BOOL  ? value.boolean
           : kind == THRIFT_KIND_I8  ? value.i8
           : kind == THRIFT_KIND_I16 ? value.i16
           : kind == THRIFT_KIND_I64 ? value.i64
                                     : value.i32;
}

static bool literal_of(const thrift_type *type, const char *text, int64_t *out)
{
    if (type->kind == THRIFT_KIND_ENUM) {
        return symbol_of(type->symbols, text, out);
    }
    if (type->kind == THRIFT_KIND_BOOL &&
        (strcmp(text, "true") == 0 || strcmp(text, "false") == 0)) {
        *out = text[0] == 't';
        return true;
    }
    return integer_of(text, out);
}

static int order_of_doubles(double a, double b) { return (a > b) - (a < b); }

/* The value against the rule's; false: they are of no common kind. NaN is no less and no more than
 * any number, and equal to none: *nan. */
static bool compare(const thrift_type *type, const void *slot, const char *text, int *order,
                    bool *nan)
{
    int64_t literal, number;
    const uint8_t *end = (const uint8_t *)text + strlen(text);
    double real;

    *nan = false;
    if (type->kind == THRIFT_KIND_DOUBLE) {
        double value = *(const double *)slot;

        *nan = isnan(value);
        *order = number_read_json((const uint8_t *)text, end, &real) == end
                     ? order_of_doubles(value, real)
                     : 2;
        return *order != 2;
    }
    if (type->kind > THRIFT_KIND_ENUM || is_text(type) || type->kind == THRIFT_KIND_UUID ||
        !literal_of(type, text, &literal)) {
        return false;
    }
    number = number_in(type->kind, slot);
    *order = (number > literal) - (number < literal);
    return true;
}

static bool equals(const thrift_type *type, const void *slot, const char *text, bool *known)
{
    int order = 0;
    bool nan = false;

    if (is_text(type)) {
        thrift_bytes bytes;

        memcpy(&bytes, slot, sizeof bytes);
        return bytes.size == strlen(text) &&
               (bytes.size == 0 || memcmp(bytes.data, text, bytes.size) == 0);
    }
    *known = compare(type, slot, text, &order, &nan);
    return *known && order == 0 && !nan;
}

static bool is_one_of(const struct annotation *rules, uint32_t count, const char *key,
                      const thrift_type *type, const void *slot, bool *known)
{
    for (uint32_t i = 0; i < count; i++) {
        if (strcmp(rules[i].key, key) == 0 && equals(type, slot, rules[i].value, known)) {
            return true;
        }
    }
    return false;
}

/* ---- order, size, parts of a text ---- */

static bool obeys_order(const char *name, const thrift_type *type, const void *slot,
                        const char *text, bool *known)
{
    int order = 0;
    bool nan = false;

    *known = (name[0] == 'l' || name[0] == 'g') && (name[1] == 't' || name[1] == 'e') &&
             name[2] == '\0' && compare(type, slot, text, &order, &nan);
    if (nan || !*known) {
        return false;
    }
    return (order == 0 && name[1] == 'e') || (name[0] == 'l' ? order < 0 : order > 0);
}

static bool obeys_size(const char *name, const thrift_type *type, const void *slot,
                       const char *text, bool *known)
{
    bool least = strcmp(name, "min_size") == 0;
    int64_t size, bound = 0;
    thrift_bytes bytes;

    *known = (least || strcmp(name, "max_size") == 0) && integer_of(text, &bound) &&
             (is_text(type) || type->kind > THRIFT_KIND_RECORD);
    if (!*known) {
        return false;
    }
    if (is_text(type)) {
        memcpy(&bytes, slot, sizeof bytes);
        size = (int64_t)bytes.size;
    } else {
        size = object_count(type, slot_object(slot)) / (type->kind == THRIFT_KIND_MAP ? 2 : 1);
    }
    return least ? size >= bound : size <= bound;
}

static bool contains(thrift_bytes text, const char *part)
{
    size_t size = strlen(part);

    for (size_t i = 0; i + size <= text.size; i++) {
        if (memcmp(text.data + i, part, size) == 0) {
            return true;
        }
    }
    return size == 0;
}

static bool obeys_text(const char *name, const thrift_type *type, const void *slot,
                       const char *part, bool *known)
{
    size_t size = strlen(part);
    thrift_bytes text;

    *known = false;
    if (!is_text(type)) {
        return false;
    }
    memcpy(&text, slot, sizeof text);
    *known = true;
    if (strcmp(name, "prefix") == 0) {
        return text.size >= size && (size == 0 || memcmp(text.data, part, size) == 0);
    }
    if (strcmp(name, "suffix") == 0) {
        return text.size >= size &&
               (size == 0 || memcmp(text.data + text.size - size, part, size) == 0);
    }
    if (strcmp(name, "contains") == 0) {
        return contains(text, part);
    }
    *known = strcmp(name, "not_contains") == 0;
    return !contains(text, part);
}

/* `*known`: there is such a rule for such a value. */
static bool obeys(const struct annotation *rules, uint32_t count, uint32_t i, const char *name,
                  const thrift_type *type, const void *slot, bool *known)
{
    const char *text = rules[i].value;
    bool done;

    *known = true;
    if (strcmp(name, "const") == 0) {
        return equals(type, slot, text, known);
    }
    if (strcmp(name, "in") == 0) {
        return is_one_of(rules, count, rules[i].key, type, slot, known);
    }
    if (strcmp(name, "not_in") == 0) {
        return !equals(type, slot, text, known);
    }
    if (strcmp(name, "defined_only") == 0 && type->kind == THRIFT_KIND_ENUM) {
        return strcmp(text, "true") != 0 ||
               enum_find_number(type->symbols, *(const int32_t *)slot) != NULL;
    }
    if (strcmp(name, "not_nil") == 0 || strcmp(name, "no_sparse") == 0) {
        return true; /* it is there; nothing in a container is not */
    }
    done = obeys_order(name, type, slot, text, known);
    done = *known ? done : obeys_size(name, type, slot, text, known);
    return *known ? done : obeys_text(name, type, slot, text, known);
}

thrift_status rule_check(const struct annotation *rules, uint32_t count, uint32_t i,
                         const char *name, const thrift_type *type, const void *slot,
                         thrift_error *err)
{
    bool known;
    bool obeyed = obeys(rules, count, i, name, type, slot, &known);

    if (!known) {
        return FAIL(err, THRIFT_E_ARGUMENT, "%s = \"%s\" is no rule for %s", rules[i].key,
                    rules[i].value, type->spelling);
    }
    return obeyed ? THRIFT_OK
                  : FAIL(err, THRIFT_E_RANGE, "the value breaks the rule %s = \"%s\"", rules[i].key,
                         rules[i].value);
}
