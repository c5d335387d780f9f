/*
 * The handlers of ThriftTest.
 */
#ifndef THRIFTTEST_HANDLERS_H
#define THRIFTTEST_HANDLERS_H

#include <rethrift/rethrift.h>

void bind_thrifttest(thrift_registry *registry);

#endif
