/*
 * Copies of findings.
 */
#include "rpc/finding_list.h"

#include <string.h>

void finding_list_init(struct finding_list *findings, const thrift_allocator *allocator)
{
    *findings = (struct finding_list){.items = NULL};
    arena_init(&findings->arena, allocator, SIZE_MAX);
}

void finding_list_deinit(struct finding_list *findings) { arena_deinit(&findings->arena); }

void finding_list_clear(struct finding_list *findings)
{
    arena_reset(&findings->arena, 0);
    findings->items = NULL;
    findings->count = findings->capacity = 0;
    findings->incomplete = false;
}

static bool grow(struct finding_list *findings)
{
    size_t capacity = findings->capacity == 0 ? 16 : 2 * findings->capacity;
    thrift_finding *grown = arena_alloc(&findings->arena, capacity * sizeof *grown);

    if (grown == NULL) {
        return false;
    }
    if (findings->count > 0) {
        memcpy(grown, findings->items, findings->count * sizeof *grown);
    }
    findings->items = grown;
    findings->capacity = capacity;
    return true;
}

static void keep(struct finding_list *findings, const char **text)
{
    if (*text != NULL) {
        *text = arena_strdup(&findings->arena, *text, strlen(*text));
        findings->incomplete |= *text == NULL;
    }
}

void finding_list_add(const thrift_finding *finding, void *data)
{
    struct finding_list *findings = data;
    thrift_finding *copy;

    if (findings->count == findings->capacity && !grow(findings)) {
        findings->incomplete = true;
        return;
    }
    copy = &findings->items[findings->count++];
    *copy = *finding;
    keep(findings, &copy->rule);
    keep(findings, &copy->element);
    keep(findings, &copy->message);
    keep(findings, &copy->hint);
    keep(findings, &copy->at.source);
    keep(findings, &copy->before.source);
    keep(findings, &copy->note);
    keep(findings, &copy->excerpt);
    keep(findings, &copy->before_excerpt);
}

const thrift_place *finding_place(const thrift_finding *finding)
{
    return finding->at.line == 0 && finding->before.source != NULL ? &finding->before
                                                                   : &finding->at;
}
