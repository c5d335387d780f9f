/*
 * Rule: what one vt.* annotation asks of one value: vt.gt = "0", vt.max_size = "10".
 *
 * The names are those of Kitex's and Hertz's validators; vt.pattern and vt.assert are not known
 * here.
 */
#ifndef VALUE_RULE_H
#define VALUE_RULE_H

#include "schema/descriptor.h"

/* The annotation's name behind "vt."; NULL: it is no rule. */
const char *rule_name(const struct annotation *annotation);

/*
 * Whether the value in the slot obeys `rules[i]`, whose name (behind "vt." and "elem.", "key.",
 * "value.") is `name`. Several "in" are one choice. E_RANGE: it does not; E_ARGUMENT: there is no
 * such rule for values of that type.
 */
thrift_status rule_check(const struct annotation *rules, uint32_t count, uint32_t i,
                         const char *name, const thrift_type *type, const void *slot,
                         thrift_error *err);

#endif
