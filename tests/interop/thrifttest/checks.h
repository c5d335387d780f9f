/*
 * What a client of ThriftTest calls and expects, by the categories of Apache's cross test.
 */
#ifndef THRIFTTEST_CHECKS_H
#define THRIFTTEST_CHECKS_H

#include <rethrift/rethrift.h>

/* Bits of the exit status. */
enum { WRONG_BASE_TYPES = 1, WRONG_STRUCTS = 2, WRONG_CONTAINERS = 4, WRONG_EXCEPTIONS = 8 };

struct tested {
    thrift_client *client;
    thrift_schema *schema;
    bool uuid;               /* the peer knows the type */
    bool application_errors; /* the peer answers with one when a handler fails */
    bool small;              /* the peer cannot do with large messages */
    bool no_oneway;          /* the peer does not answer oneway calls in HTTP */
    int wrong;               /* bits */
};

/* Of SecondService; the others are of ThriftTest. */
void check_second(struct tested *tested);
void check_base_types(struct tested *tested);
void check_structs(struct tested *tested);
void check_containers(struct tested *tested);
void check_exceptions(struct tested *tested);

/* Notes a failure of the category when `right` is false; says what and why. */
void expect(struct tested *tested, int category, bool right, const char *what,
            const thrift_error *err);

#endif
