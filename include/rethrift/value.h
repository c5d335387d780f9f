/**
 * Values: dynamic data under a definition.
 *
 * Lifetime in one sentence: what you read lives as long as the root that it came from (a call, an
 * outcome, or a record that you made), and what you set is copied into the root that you set it in.
 *
 * Misuse in one sentence: a wrong name or type never crashes and never stops the program's flow;
 * the getter returns zero or NULL, the setter changes nothing, and the *first* such mistake stays
 * with the root until somebody checks: the reply, the encoder, the request, or thrift_check().
 *
 * Absence in one sentence: NULL means "not there", both ways; getting an unset string, record, list
 * or map gives NULL (or its declared default), setting NULL unsets.
 *
 * Where a name is asked for, a path is understood: "address.city", "tags[0]",
 * "row_groups[2].columns[0]", `counts{"a"}`. Setting through a path makes the records in between.
 *
 * Threads: a root has one owner at a time; getters of one root may run in any number of threads
 * while nobody sets.
 */
#ifndef RETHRIFT_VALUE_H
#define RETHRIFT_VALUE_H

#include <rethrift/buffer.h>
#include <rethrift/schema.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct thrift_record thrift_record; /**< a struct, union or exception */
typedef struct thrift_list thrift_list;     /**< a list or a set */
typedef struct thrift_map thrift_map;
typedef struct thrift_root thrift_root; /**< internal: owner of memory and of the first mistake */

typedef struct thrift_uuid {
    uint8_t bytes[16];
} thrift_uuid;

/** Any value, by value. Containers are borrowed. Read it with thrift_as_…(). */
typedef struct thrift_value {
    thrift_kind kind; /**< integers that a program gives are THRIFT_KIND_I64; the definition knows
                         the width */
    uint32_t flags;
    const thrift_root *root;
    union {
        bool boolean;
        int64_t integer;
        double real;
        thrift_bytes bytes; /**< string and binary; decoded ones are followed by a NUL byte */
        thrift_uuid uuid;
        const thrift_record *record;
        const thrift_list *list;
        const thrift_map *map;
    } as;
} thrift_value;

#ifdef __cplusplus
}
#endif
#endif
