/*
 * Elements by place: definitions and their members stand in the order of the text, so that one pass
 * over each syntax tree serves all findings of a file.
 */
#include "schema/finding_element.h"

static bool begins_before(const struct ast_name *name, const struct span *at)
{
    return name->line < at->line || (name->line == at->line && name->column <= at->column);
}

static bool definition_begins_before(const struct ast_definition *definition, const struct span *at)
{
    bool typed = definition->kind == AST_CONSTANT || definition->kind == AST_TYPEDEF;
    const struct ast_type *type = typed ? definition->as.typed.type : NULL;

    return begins_before(type != NULL ? &type->name : &definition->name, at);
}

static bool field_begins_before(const struct ast_field *field, const struct span *at)
{
    return begins_before(field->id_name.text != NULL ? &field->id_name
                         : field->type != NULL       ? &field->type->name
                                                     : &field->name,
                         at);
}

static bool method_begins_before(const struct ast_method *method, const struct span *at)
{
    return begins_before(method->oneway.text != NULL ? &method->oneway
                         : method->result != NULL    ? &method->result->name
                                                     : &method->name,
                         at);
}

static void enter(struct element_cursor *cursor)
{
    const struct ast_definition *definition = cursor->definition;

    cursor->member.field = NULL;
    switch (definition->kind) {
    case AST_STRUCT:
    case AST_UNION:
    case AST_EXCEPTION:
        cursor->next_member.field = definition->as.fields.first;
        break;
    case AST_ENUM:
        cursor->next_member.symbol = definition->as.symbols.first;
        break;
    case AST_SERVICE:
    case AST_INTERACTION:
        cursor->next_member.method = definition->as.service.first;
        break;
    case AST_CONSTANT:
    case AST_TYPEDEF:
    default:
        cursor->next_member.field = NULL;
        break;
    }
}

static void step_definitions(struct element_cursor *cursor, const struct span *at)
{
    while (cursor->next != NULL && definition_begins_before(cursor->next, at)) {
        cursor->definition = cursor->next;
        cursor->next = cursor->next->next;
        enter(cursor);
    }
}

static struct ast_name step_fields(struct element_cursor *cursor, const struct span *at)
{
    const struct ast_field *next = cursor->next_member.field;

    for (; next != NULL && field_begins_before(next, at); next = next->next) {
        cursor->member.field = next;
        cursor->next_member.field = next->next;
    }
    return cursor->member.field != NULL ? cursor->member.field->name : (struct ast_name){0};
}

static struct ast_name step_methods(struct element_cursor *cursor, const struct span *at)
{
    const struct ast_method *next = cursor->next_member.method;

    for (; next != NULL && method_begins_before(next, at); next = next->next) {
        cursor->member.method = next;
        cursor->next_member.method = next->next;
    }
    return cursor->member.method != NULL ? cursor->member.method->name : (struct ast_name){0};
}

static struct ast_name symbol_name(const struct ast_symbol *symbol)
{
    return (struct ast_name){symbol->name, symbol->name_size, symbol->line, symbol->column};
}

static struct ast_name step_symbols(struct element_cursor *cursor, const struct span *at)
{
    for (const struct ast_symbol *next = cursor->next_member.symbol; next != NULL;
         next = next->next) {
        struct ast_name name = symbol_name(next);

        if (!begins_before(&name, at)) {
            break;
        }
        cursor->member.symbol = next;
        cursor->next_member.symbol = next->next;
    }
    return cursor->member.symbol != NULL ? symbol_name(cursor->member.symbol)
                                         : (struct ast_name){0};
}

static struct ast_name step_members(struct element_cursor *cursor, const struct span *at)
{
    switch (cursor->definition->kind) {
    case AST_STRUCT:
    case AST_UNION:
    case AST_EXCEPTION:
        return step_fields(cursor, at);
    case AST_ENUM:
        return step_symbols(cursor, at);
    case AST_SERVICE:
    case AST_INTERACTION:
        return step_methods(cursor, at);
    case AST_CONSTANT:
    case AST_TYPEDEF:
    default:
        return (struct ast_name){0};
    }
}

/* "shared.", "User" and ".email". */
static const char *join(struct arena *arena, const struct source *source, struct ast_name outer,
                        struct ast_name inner)
{
    const char *prefix = source->index > 0 ? source->prefix : "";
    size_t prefix_size = strlen(prefix);
    char *text = arena_alloc_aligned(arena, prefix_size + outer.size + inner.size + 3, 1);
    char *to = text;

    if (text == NULL) {
        return NULL;
    }
    if (prefix_size > 0) {
        memcpy(to, prefix, prefix_size);
        to += prefix_size;
        *to++ = '.';
    }
    memcpy(to, outer.text, outer.size);
    to += outer.size;
    if (inner.text != NULL) {
        *to++ = '.';
        memcpy(to, inner.text, inner.size);
        to += inner.size;
    }
    *to = '\0';
    return text;
}

bool element_at(struct element_cursor *cursor, const struct span *at, struct arena *arena,
                const char **out)
{
    struct ast_name inner;

    *out = NULL;
    if (at->source == NULL || at->source->ast == NULL || !at->source->quotable) {
        return true;
    }
    if (cursor->source != at->source) {
        *cursor =
            (struct element_cursor){.source = at->source, .next = at->source->ast->definitions};
    }
    step_definitions(cursor, at);
    if (cursor->definition == NULL || cursor->definition->name.text == NULL) {
        return true;
    }
    inner = step_members(cursor, at);
    *out = join(arena, at->source, cursor->definition->name, inner);
    return *out != NULL;
}
