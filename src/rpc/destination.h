/*
 * Destination: whom a client talks to, and how. Made from the text of an address.
 *
 *     tcp://host:9090?protocol=compact&transport=framed&service=Users
 */
#ifndef RPC_DESTINATION_H
#define RPC_DESTINATION_H

#include <rethrift/protocol.h>

#include "transport/address.h"

struct destination {
    struct address address;
    thrift_protocol protocol; /* binary when the address does not say */
    bool framed;              /* buffered when the address does not say */
    char service[96];         /* multiplexed: what stands before the ':'; empty: nothing does */
};

/* E_ARGUMENT. */
thrift_status destination_parse(const char *text, struct destination *out, thrift_error *err);

#endif
