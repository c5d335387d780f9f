/*
 * Fitting parameter lists: the call, the arguments in order, then the place for the result.
 */
#include "native/signature.h"

#include <string.h>

#include "base/error.h"
#include "schema/lookup.h"

#define ELEMENT_SIZE 256
#define SPELLING_SIZE 128

/* A method being fitted. */
struct fitting {
    struct native_tables *tables;
    const struct native_signature *signature;
    const thrift_method *method;
    struct native_method *out;
    uint32_t end; /* of the block as far as it is taken */
    bool fits;
};

static size_t argument_count(const thrift_method *method) { return method->arguments->field_count; }

static size_t wanted_count(const thrift_method *method)
{
    return 1 + argument_count(method) + (method->result != NULL);
}

static void report(struct fitting *fitting, const thrift_node *node, size_t i, const char *what)
{
    const struct native_signature *signature = fitting->signature;

    native_finding(fitting->tables->findings, THRIFT_E_TYPE, "native-parameter", signature->name,
                   node, "%s: parameter %zu of the C function, \"%s\", %s", signature->name, i + 1,
                   signature->parameters[i].spelling, what);
    fitting->fits = false;
}

/* ---- spelled types ---- */

static bool is_space(char c) { return c == ' ' || c == '\t'; }

/* "const struct user *" to "struct user", with what was taken off. */
static bool read_spelling(const char *spelling, char name[SPELLING_SIZE], unsigned *stars,
                          bool *is_const)
{
    size_t size = 0;

    *stars = 0;
    *is_const = false;
    while (*spelling != '\0') {
        if (is_space(*spelling) || *spelling == '*') {
            *stars += *spelling++ == '*';
            continue;
        }
        size_t word = strcspn(spelling, " \t*");

        if (word == 5 && memcmp(spelling, "const", 5) == 0) {
            *is_const |= *stars == 0;
        } else if (size + 1 + word + 1 > SPELLING_SIZE) {
            return false;
        } else {
            if (size > 0) {
                name[size++] = ' ';
            }
            memcpy(name + size, spelling, word);
            size += word;
        }
        spelling += word;
    }
    name[size] = '\0';
    return true;
}

static const thrift_native_struct *find_table(const struct native_signature *signature,
                                              const char *c_name)
{
    const thrift_native_struct *const *at = signature->structs;

    for (; at != NULL && *at != NULL; at++) {
        if (strcmp((*at)->c_name, c_name) == 0) {
            return *at;
        }
    }
    return NULL;
}

/* The table of a parameter that is a pointer to a struct; NULL: reported. */
static const thrift_native_struct *table_of(struct fitting *fitting, size_t i, bool is_result,
                                            const thrift_node *node)
{
    char name[SPELLING_SIZE];
    const thrift_native_struct *table = NULL;
    unsigned stars;
    bool is_const;

    if (!read_spelling(fitting->signature->parameters[i].spelling, name, &stars, &is_const) ||
        stars != 1) {
        report(fitting, node, i, "is no pointer to a struct");
        return NULL;
    }
    if (is_result && is_const) {
        report(fitting, node, i, "cannot take a result: it is const");
        return NULL;
    }
    table = find_table(fitting->signature, name);
    if (table == NULL) {
        report(fitting, node, i, "is a struct of which no table is listed");
    }
    return table;
}

/* ---- the block ---- */

static uint32_t take(struct fitting *fitting, size_t size, size_t alignment)
{
    uint32_t offset = (fitting->end + (uint32_t)alignment - 1) & ~((uint32_t)alignment - 1);

    fitting->end = offset + (uint32_t)size;
    return offset;
}

static void point(struct fitting *fitting, size_t slot, uint32_t target, size_t size)
{
    struct native_pointer *pointers =
        (struct native_pointer *)(uintptr_t)fitting->out->pointers; /* made here */

    pointers[fitting->out->pointer_count++] =
        (struct native_pointer){(uint32_t)slot * NATIVE_SLOT_SIZE, target, (uint32_t)size};
}

/* ---- arguments and result ---- */

static void add_op(struct native_op *ops, uint32_t at, const thrift_field *field,
                   const struct native_type *type)
{

    ops[at] = (struct native_op){.id = field->id,
                                 .requiredness = (uint8_t)field->requiredness,
                                 .presence = NATIVE_ALWAYS,
                                 .type = type,
                                 .field = field};
}

/* What stands at a slot itself. */
static thrift_member scalar_member(uint8_t ctype)
{
    static const uint8_t sizes[] = {
        [THRIFT_C_BOOL] = sizeof(bool),
        [THRIFT_C_I8] = 1,
        [THRIFT_C_I16] = 2,
        [THRIFT_C_I32] = 4,
        [THRIFT_C_I64] = 8,
        [THRIFT_C_DOUBLE] = 8,
        [THRIFT_C_ENUM] = 4,
        [THRIFT_C_STRING] = sizeof(char *),
        [THRIFT_C_BYTES] = sizeof(thrift_bytes),
        [THRIFT_C_UUID] = 16,
        [THRIFT_C_CALL] = sizeof(thrift_call *),
        [THRIFT_C_RECORD] = sizeof(thrift_record *),
        [THRIFT_C_LIST] = sizeof(thrift_list *),
        [THRIFT_C_MAP] = sizeof(thrift_map *),
    };

    return (thrift_member){.ctype = ctype, .size = ctype < sizeof sizes ? sizes[ctype] : 0};
}

static bool is_by_pointer(const thrift_type *type)
{
    return type->kind == THRIFT_KIND_RECORD || type->kind == THRIFT_KIND_LIST ||
           type->kind == THRIFT_KIND_SET || type->kind == THRIFT_KIND_MAP;
}

/* The place of parameter `i`: in its slot, or behind the slots where the slot points. NULL: it does
 * not fit, or no memory. */
static const struct native_type *fit_parameter(struct fitting *fitting, size_t i, bool is_result,
                                               const thrift_type *declared, const thrift_node *node)
{
    char element[ELEMENT_SIZE];
    struct native_tables *tables = fitting->tables;
    struct native_type *type = native_tables_alloc(tables, sizeof *type);
    uint8_t ctype = fitting->signature->parameters[i].ctype;
    size_t alignment = NATIVE_SLOT_SIZE;
    thrift_member member;
    struct native_source source = {element, &member, (uint32_t)(i - 1) * NATIVE_SLOT_SIZE};

    (void)snprintf(element, sizeof element, "%s: parameter %zu (\"%s\")", fitting->signature->name,
                   i + 1, fitting->signature->parameters[i].spelling);
    if (is_by_pointer(declared) && ctype == THRIFT_C_OTHER) {
        const thrift_native_struct *table = table_of(fitting, i, is_result, node);

        if (table == NULL) {
            return NULL;
        }
        member = (thrift_member){.ctype = THRIFT_C_STRUCT,
                                 .size = table->size,
                                 .item_size = table->size,
                                 .table = table};
        alignment = table->alignment;
    } else if (is_result && (ctype & THRIFT_C_POINTER) == 0) {
        report(fitting, node, i, "is no pointer to a result");
        return NULL;
    } else {
        member = scalar_member(is_result ? ctype & (uint8_t)~THRIFT_C_POINTER : ctype);
    }
    if (member.ctype == THRIFT_C_STRUCT || is_result) {
        source.base = take(fitting, member.size, alignment);
        point(fitting, i - 1, source.base, member.size);
    }
    if (is_result) {
        fitting->out->result_offset = source.base;
        source.base = 0;
    }
    if (type == NULL || !native_type_fit(tables, &source, declared, node, type)) {
        fitting->fits = false;
        return NULL;
    }
    return type;
}

static struct native_plan *new_plan(struct native_tables *tables, const thrift_struct *type,
                                    size_t size, struct native_op **ops, size_t count)
{
    struct native_plan *plan = native_tables_alloc(tables, sizeof *plan);

    *ops = native_tables_alloc(tables, (count + 1) * sizeof **ops);
    if (plan == NULL || *ops == NULL) {
        return NULL;
    }
    *plan = (struct native_plan){
        .some_keep = tables->some_keep, .type = type, .size = (uint32_t)size, .alignment = 16};
    return plan;
}

static void finish(struct fitting *fitting, struct native_plan *plan, struct native_op *ops)
{
    if (fitting->fits && native_plan_finish(plan, ops, fitting->tables->arena, NULL) != THRIFT_OK) {
        fitting->tables->out_of_memory = true;
    }
}

static void fit_arguments(struct fitting *fitting)
{
    const thrift_struct *declared = fitting->method->arguments;
    struct native_op *ops;
    struct native_plan *plan = new_plan(fitting->tables, declared, 0, &ops, declared->field_count);

    for (uint32_t i = 0; plan != NULL && i < declared->field_count; i++) {
        const thrift_field *field = &declared->fields[i];
        const struct native_type *type =
            fit_parameter(fitting, i + 1, false, field->type, &field->node);

        if (type != NULL) {
            add_op(ops, plan->op_count++, field, type);
        }
    }
    fitting->out->arguments = plan;
    if (plan != NULL) {
        finish(fitting, plan, ops);
    }
}

/* Success is what must come: what else may come is not for C. */
static void fit_result(struct fitting *fitting)
{
    const thrift_method *method = fitting->method;
    const thrift_struct *declared = method->result_struct;
    struct native_op *ops;
    struct native_plan *plan = new_plan(fitting->tables, declared, 0, &ops, 1);

    if (plan != NULL && method->result != NULL) {
        const struct native_type *type =
            fit_parameter(fitting, 1 + argument_count(method), true, method->result, &method->node);

        if (type != NULL) {
            add_op(ops, plan->op_count++, &declared->fields[0], type);
            ops[0].requiredness = THRIFT_FIELD_REQUIRED;
            ops[0].presence = type->code == NATIVE_TEXT || type->code == NATIVE_DYNAMIC ||
                                      type->code == PLAN_STRING || type->code == PLAN_BINARY
                                  ? NATIVE_NULL
                                  : NATIVE_ALWAYS;
        }
    }
    fitting->out->result = plan;
    if (plan != NULL) {
        finish(fitting, plan, ops);
    }
}

/* ---- exceptions ---- */

static const thrift_native_struct *table_for(const struct native_signature *signature,
                                             const thrift_struct *record)
{
    const thrift_native_struct *const *at = signature->structs;

    for (; at != NULL && *at != NULL; at++) {
        if (native_table_names(*at, record)) {
            return *at;
        }
    }
    return NULL;
}

static const struct native_plan *fit_thrown(struct fitting *fitting, const thrift_field *field,
                                            const thrift_native_struct *table)
{
    struct native_op *ops;
    struct native_plan *plan =
        new_plan(fitting->tables, fitting->method->result_struct, table->size, &ops, 1);
    struct native_type *type = native_tables_alloc(fitting->tables, sizeof *type);
    const thrift_member member = {
        .ctype = THRIFT_C_STRUCT, .size = table->size, .item_size = table->size, .table = table};
    const struct native_source source = {table->c_name, &member, 0};

    if (plan == NULL || type == NULL ||
        !native_type_fit(fitting->tables, &source, field->type, &field->node, type)) {
        return NULL;
    }
    add_op(ops, plan->op_count++, field, type);
    finish(fitting, plan, ops);
    return plan;
}

static void fit_exceptions(struct fitting *fitting)
{
    const thrift_struct *declared = fitting->method->result_struct;
    struct native_thrown *thrown =
        native_tables_alloc(fitting->tables, (declared->field_count + 1) * sizeof *thrown);

    for (uint32_t i = fitting->method->result != NULL ? 1 : 0;
         thrown != NULL && i < declared->field_count; i++) {
        const thrift_field *field = &declared->fields[i];
        const thrift_native_struct *table =
            field->type->record != NULL ? table_for(fitting->signature, field->type->record) : NULL;
        const struct native_plan *plan = table != NULL ? fit_thrown(fitting, field, table) : NULL;

        if (plan != NULL) {
            thrown[fitting->out->thrown_count++] = (struct native_thrown){table, plan};
        }
    }
    fitting->out->thrown = thrown;
}

/* ---- the whole ---- */

static bool count_fits(struct fitting *fitting)
{
    const struct native_signature *signature = fitting->signature;
    const thrift_method *method = fitting->method;
    size_t wanted = wanted_count(method);

    if (signature->parameter_count == wanted && signature->parameters[0].ctype == THRIFT_C_CALL) {
        return true;
    }
    native_finding(fitting->tables->findings, THRIFT_E_TYPE, "native-parameters", signature->name,
                   &method->node,
                   "%s: the C function has %zu parameters%s, the definition needs %zu: "
                   "thrift_call *, %zu arguments%s",
                   signature->name, signature->parameter_count,
                   signature->parameter_count > 0 && signature->parameters[0].ctype != THRIFT_C_CALL
                       ? " and does not begin with thrift_call *"
                       : "",
                   wanted, argument_count(method),
                   method->result != NULL ? ", a pointer to the result" : "");
    return false;
}

bool native_signature_fit(struct native_tables *tables, const struct native_signature *signature,
                          const thrift_method *method, struct native_method *out)
{
    struct fitting fitting = {tables, signature, method, out, 0, true};
    size_t slots = signature->parameter_count;

    *out = (struct native_method){.method = method};
    if (!count_fits(&fitting)) {
        return false;
    }
    fitting.end = (uint32_t)(slots * NATIVE_SLOT_SIZE);
    out->pointers = native_tables_alloc(tables, slots * sizeof *out->pointers);
    if (out->pointers == NULL) {
        return false;
    }
    fit_arguments(&fitting);
    fit_result(&fitting);
    fit_exceptions(&fitting);
    out->block_size = take(&fitting, 0, NATIVE_SLOT_SIZE);
    return fitting.fits && !tables->out_of_memory;
}

void native_signature_check_structs(struct native_tables *tables,
                                    const thrift_native_struct *const *structs)
{
    for (; structs != NULL && *structs != NULL; structs++) {
        const char *name = (*structs)->idl_name;
        const thrift_struct *record;

        if (native_table_is_box(*structs) && strchr(name, '<') != NULL) {
            continue;
        }
        record = thrift_schema_struct(tables->schema, name);
        if (record != NULL) {
            (void)native_tables_plan(tables, *structs, record);
        } else {
            native_finding(tables->findings, THRIFT_E_NAME, "native-struct", (*structs)->c_name,
                           NULL,
                           "the table of %s is for \"%s\", which the definition does not have",
                           (*structs)->c_name, name);
        }
    }
}
