/*
 * What the client calls and expects.
 */
#ifndef PEER_CHECKS_H
#define PEER_CHECKS_H

#include <t_test_second_service.h>
#include <t_test_thrift_test.h>

/* Each gives how many things were wrong, and says which on stderr. */
int check_base_types(TTestThriftTestIf *client);
int check_structs(TTestThriftTestIf *client);
int check_containers(TTestThriftTestIf *client);
int check_exceptions(TTestThriftTestIf *client);
int check_second(TTestSecondServiceIf *client);

#endif
