#!/usr/bin/python3
"""Apache's Python library (python3-thrift) with code that `thrift --gen py` made.

    peer.py client|server --generated=DIR --port=N --protocol=P --transport=T …
"""
import logging
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..'))
import options as command_line  # noqa: E402

OPTIONS = command_line.parse(__doc__)
sys.path.insert(0, OPTIONS.generated)

import checks  # noqa: E402
from ThriftTest import SecondService, ThriftTest, ttypes  # noqa: E402
from thrift.Thrift import TApplicationException  # noqa: E402
from thrift.TMultiplexedProcessor import TMultiplexedProcessor  # noqa: E402
from thrift.protocol import (TBinaryProtocol, TCompactProtocol, THeaderProtocol,  # noqa: E402
                             TJSONProtocol)
from thrift.protocol.TMultiplexedProtocol import TMultiplexedProtocol  # noqa: E402
from thrift.server import THttpServer, TServer  # noqa: E402
from thrift.transport import THttpClient, TSocket, TTransport, TZlibTransport  # noqa: E402

PROTOCOLS = {
    'binary': TBinaryProtocol.TBinaryProtocolFactory,
    'accel': TBinaryProtocol.TBinaryProtocolAcceleratedFactory,
    'compact': TCompactProtocol.TCompactProtocolFactory,
    'accelc': TCompactProtocol.TCompactProtocolAcceleratedFactory,
    'json': TJSONProtocol.TJSONProtocolFactory,
    'header': THeaderProtocol.THeaderProtocolFactory,
}
TRANSPORTS = {
    'buffered': TTransport.TBufferedTransportFactory,
    'framed': TTransport.TFramedTransportFactory,
    'zlib': TZlibTransport.TZlibTransportFactory,
}


def open_transport():
    if OPTIONS.transport == 'http':
        return THttpClient.THttpClient(f'http://{OPTIONS.host}:{OPTIONS.port}/service')
    wire = TSocket.TSocket(OPTIONS.host, OPTIONS.port, unix_socket=OPTIONS.unix)
    if OPTIONS.transport == 'zlib':
        return TZlibTransport.TZlibTransport(TTransport.TBufferedTransport(wire), 9)
    return TRANSPORTS[OPTIONS.transport]().getTransport(wire)


def run_client():
    wire = open_transport()
    protocol = PROTOCOLS[OPTIONS.wire]().getProtocol(wire)
    first = TMultiplexedProtocol(protocol, 'ThriftTest') if OPTIONS.multiplexed else protocol
    client = ThriftTest.Client(first)
    wire.open()
    checks.check_base_types(client, ttypes)
    checks.check_binaries(client)
    checks.check_structs(client, ttypes)
    checks.check_containers(client, ttypes)
    checks.check_exceptions(client, ttypes, TApplicationException)
    if OPTIONS.multiplexed:
        checks.check_second(SecondService.Client(TMultiplexedProtocol(protocol, 'SecondService')))
    wire.close()


def run_server():
    logging.disable()
    processor = ThriftTest.Processor(checks.Handler(ttypes))
    if OPTIONS.multiplexed:
        several = TMultiplexedProcessor()
        several.registerDefault(processor)
        several.registerProcessor('ThriftTest', processor)
        several.registerProcessor('SecondService', SecondService.Processor(checks.SecondHandler()))
        processor = several
    protocol = PROTOCOLS[OPTIONS.wire]()
    if OPTIONS.transport == 'http':
        THttpServer.THttpServer(processor, ('', OPTIONS.port), protocol).serve()
        return
    if OPTIONS.unix:
        wire = TSocket.TServerSocket(unix_socket=OPTIONS.unix)
    else:
        wire = TSocket.TServerSocket('127.0.0.1', OPTIONS.port)
    TServer.TThreadedServer(processor, wire, TRANSPORTS[OPTIONS.transport](), protocol,
                            daemon=True).serve()


if __name__ == '__main__':
    {'client': run_client, 'server': run_server}[OPTIONS.side]()
