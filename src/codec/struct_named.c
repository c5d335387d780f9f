/*
 * Struct by name, with the error for who misspelled it. A few names are remembered with the plans,
 * since a program that decodes asks for the same ones again and again.
 */
#include "codec/struct_named.h"

#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "codec/plan.h"

/* Where a name may be remembered; NULL before there are plans. */
static _Atomic(const thrift_struct *) *place_of(const thrift_schema *schema, const char *name)
{
    const struct plans *plans = plans_made(schema);
    unsigned hash = name[0] == '\0' ? 0 : (unsigned char)name[0] * 3u + (unsigned char)name[1];

    /* The names are the one part of plans that changes; they were not const when made. */
    return plans != NULL ? &((struct plans *)(uintptr_t)plans)->named[hash % PLANS_NAMED] : NULL;
}

/* Names are short: cheaper than a call. */
static inline bool is_named(const thrift_struct *known, const char *name)
{
    const char *own = known->node.name;

    for (size_t i = 0; own[i] == name[i]; i++) {
        if (own[i] == '\0') {
            return true;
        }
    }
    return false;
}

static __attribute__((noinline)) const thrift_struct *search(const thrift_schema *schema,
                                                             const char *name,
                                                             _Atomic(const thrift_struct *) *place,
                                                             thrift_error *err)
{
    const thrift_struct *found = thrift_schema_struct(schema, name), *none = NULL;
    char quoted[TEXT_QUOTED_SIZE];

    if (found == NULL) {
        FAIL(err, THRIFT_E_NAME, "no struct %s", text_quote(name, strlen(name), quoted));
    } else if (place != NULL && is_named(found, name)) {
        /* Who comes first stays, so that threads do not write there again and again. */
        atomic_compare_exchange_strong(place, &none, found);
    }
    return found;
}

const thrift_struct *struct_named(const thrift_schema *schema, const char *type, thrift_error *err)
{
    const char *name = type != NULL ? type : "";
    _Atomic(const thrift_struct *) *place = place_of(schema, name);
    const thrift_struct *known =
        place != NULL ? atomic_load_explicit(place, memory_order_acquire) : NULL;

    return known != NULL && is_named(known, name) ? known : search(schema, name, place, err);
}
