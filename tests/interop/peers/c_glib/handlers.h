/*
 * The handlers of ThriftTest's two services, as GObjects.
 */
#ifndef PEER_HANDLERS_H
#define PEER_HANDLERS_H

#include <t_test_second_service.h>
#include <t_test_thrift_test.h>

GType first_handler_get_type(void);
GType second_handler_get_type(void);

#endif
