/*
 * What is wrong with native tables and signatures: all of it is collected, the first findings make
 * the error.
 */
#ifndef RPC_NATIVE_FINDING_H
#define RPC_NATIVE_FINDING_H

#include "schema/descriptor.h"

/* All zero, but for the first two. */
struct native_findings {
    thrift_finding_fn on_finding; /* NULL: none */
    void *data;
    size_t count, told;   /* told: in `text` */
    thrift_status status; /* of the first */
    thrift_place at;      /* of the first */
    char text[THRIFT_ERROR_MESSAGE_SIZE];
};

/* `element` is what stands in C: "struct user.email", "UserService.getUser". The message is a
 * sentence that names it; the node's place in the definition is put behind it. NULL: no place. */
void native_finding(struct native_findings *findings, thrift_status code, const char *rule,
                    const char *element, const thrift_node *node, const char *format, ...)
    THRIFT_PRINTF(6, 7);

/* THRIFT_OK when there are none, else the first one's code; the error has as many as fit. */
thrift_status native_findings_deliver(const struct native_findings *findings, thrift_error *err);

#endif
