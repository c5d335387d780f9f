#!/usr/bin/python3
"""ThriftPy (python3-thriftpy), which reads the definition at run time.

    peer.py client|server --definition=FILE --port=N --transport=T …
"""
import logging
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, '..'), os.path.join(HERE, '..', 'python')]
import options as command_line  # noqa: E402

OPTIONS = command_line.parse(__doc__)

import checks  # noqa: E402
import thriftpy  # noqa: E402
from thriftpy.protocol import (TBinaryProtocolFactory, TMultiplexedProtocolFactory)  # noqa: E402
from thriftpy.server import TThreadedServer  # noqa: E402
from thriftpy.thrift import (TApplicationException, TClient, TMultiplexedProcessor,  # noqa: E402
                             TProcessor)
from thriftpy.transport import (TBufferedTransportFactory, TFramedTransportFactory,  # noqa: E402
                                TServerSocket, TSocket)

TYPES = thriftpy.load(OPTIONS.definition, module_name='thrifttest_thrift')
TRANSPORTS = {'buffered': TBufferedTransportFactory, 'framed': TFramedTransportFactory}


def open_client(service, wire):
    factory = TBinaryProtocolFactory()
    if OPTIONS.multiplexed:
        factory = TMultiplexedProtocolFactory(factory, service.__name__)
    return TClient(service, factory.get_protocol(wire))


def run_client():
    if OPTIONS.unix:
        wire = TSocket(unix_socket=OPTIONS.unix)
    else:
        wire = TSocket(OPTIONS.host, OPTIONS.port)
    wire = TRANSPORTS[OPTIONS.transport]().get_transport(wire)
    wire.open()
    client = open_client(TYPES.ThriftTest, wire)
    checks.check_base_types(client, TYPES)
    checks.check_structs(client, TYPES)
    checks.check_containers(client, TYPES)
    checks.check_exceptions(client, TYPES, TApplicationException)
    if OPTIONS.multiplexed:
        checks.check_second(open_client(TYPES.SecondService, wire))
    wire.close()


def run_server():
    logging.disable()
    processor = TProcessor(TYPES.ThriftTest, checks.Handler(TYPES))
    if OPTIONS.multiplexed:
        several = TMultiplexedProcessor()
        several.register_processor('ThriftTest', processor)
        several.register_processor('SecondService',
                                   TProcessor(TYPES.SecondService, checks.SecondHandler()))
        processor = several
    if OPTIONS.unix:
        wire = TServerSocket(unix_socket=OPTIONS.unix)
    else:
        wire = TServerSocket('127.0.0.1', OPTIONS.port)
    serving = TThreadedServer(processor, wire, itrans_factory=TRANSPORTS[OPTIONS.transport](),
                              iprot_factory=TBinaryProtocolFactory())
    serving.daemon = True
    serving.serve()


if __name__ == '__main__':
    {'client': run_client, 'server': run_server}[OPTIONS.side]()
