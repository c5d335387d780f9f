/**
 * Compatibility: what a change of a definition does to peers that still have the other one.
 *
 * Every finding of thrift_schema_compare() carries the name of a rule. A rule says what it breaks:
 * the wire, JSON by names, or the programs written against the definition. docs/reference/rules.md
 * is this table in prose.
 */
#ifndef RETHRIFT_COMPAT_H
#define RETHRIFT_COMPAT_H

#include <rethrift/schema.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What a rule breaks: a set of bits; no bit means that the change is safe. */
typedef enum thrift_break {
    THRIFT_BREAKS_NOTHING = 0,
    THRIFT_BREAKS_WIRE = 1,  /**< bytes of one side are refused, misread or lost by the other */
    THRIFT_BREAKS_JSON = 2,  /**< JSON that calls fields and enum values by their names */
    THRIFT_BREAKS_SOURCE = 4 /**< programs that use the definition, generated code or not */
} thrift_break;

typedef struct thrift_rule {
    const char *name;           /**< "field-type-changed"; never changes once released */
    uint32_t breaks;            /**< bits of thrift_break */
    thrift_direction direction; /**< in which direction it breaks the wire */
    const char *what;           /**< the change, in a few words */
    const char *why;            /**< what goes wrong, one sentence; NULL for safe changes */
    const char *hint;           /**< what to do instead; may be NULL */
} thrift_rule;

/** The rules, grouped by what they are about. NULL behind the end. Threads: any. */
THRIFT_API size_t thrift_rule_count(void);
THRIFT_API const thrift_rule *thrift_rule_at(size_t i);
/** The rule of that name, or NULL. Threads: any. */
THRIFT_API const thrift_rule *thrift_rule_find(const char *name);

/**
 * Whether `allowance` covers a finding. An allowance is "RULE", "RULE:ELEMENT" or "ELEMENT:RULE";
 * an element covers itself and all below it: "User" covers "User.email". Threads: any.
 */
THRIFT_API bool thrift_finding_allowed(const thrift_finding *finding, const char *allowance);

typedef struct thrift_compare_options {
    size_t struct_size;
    thrift_direction direction;
    uint32_t breaking;            /**< bits of thrift_break that count; 0: THRIFT_BREAKS_WIRE */
    const char *const *allow;     /**< NULL-terminated allowances: their findings become notes */
    thrift_finding_fn on_finding; /**< all findings, safe changes as notes; may be NULL */
    void *data;
} thrift_compare_options;
#define THRIFT_COMPARE_OPTIONS_INIT THRIFT_OPTIONS_INIT_(thrift_compare_options)
#define THRIFT_COMPARE_OPTIONS(...) THRIFT_OPTIONS_(thrift_compare_options, __VA_ARGS__)

/**
 * thrift_schema_compare() with options. A change that breaks what counts is a finding of severity
 * BREAKING, one that breaks something else a WARNING, a safe or allowed one a NOTE.
 *
 * @param out_breaking  Number of breaking findings; may be NULL.
 * @return  THRIFT_OK when there are none, else THRIFT_E_INCOMPATIBLE (err has the first finding,
 *          err->more counts the others). E_NOMEM, E_ARGUMENT.
 *
 * Threads: any.
 */
THRIFT_API thrift_status thrift_schema_compare_with(const thrift_schema *before,
                                                    const thrift_schema *after,
                                                    const thrift_compare_options *options,
                                                    size_t *out_breaking, thrift_error *err);

#ifdef __cplusplus
}
#endif
#endif
