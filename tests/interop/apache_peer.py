#!/usr/bin/python3
"""Apache's Python library (python3-thrift) with code that `thrift --gen py` made.

    apache_peer.py GENERATED client ADDRESS buffered|framed strict|old|compact|json
    apache_peer.py GENERATED server buffered|framed strict|compact|json
"""
import logging
import socket
import sys
import urllib.parse

import probe as checks  # before the generated package of the same name is in the path

del sys.modules['probe']
sys.path.insert(0, sys.argv[1])

from probe import Probe, ttypes  # noqa: E402
from thrift.Thrift import TApplicationException  # noqa: E402
from thrift.protocol import TBinaryProtocol, TCompactProtocol, TJSONProtocol  # noqa: E402
from thrift.server import TServer  # noqa: E402
from thrift.transport import TSocket, TTransport  # noqa: E402


PROTOCOLS = {
    'strict': TBinaryProtocol.TBinaryProtocolFactory(strictRead=True, strictWrite=True),
    'old': TBinaryProtocol.TBinaryProtocolFactory(strictRead=False, strictWrite=False),
    'compact': TCompactProtocol.TCompactProtocolFactory(),
    'json': TJSONProtocol.TJSONProtocolFactory(),
}


def client(address, transport, protocol):
    peer = urllib.parse.urlsplit(address)
    wire = TSocket.TSocket(peer.hostname, peer.port)
    framed = transport == 'framed'
    wire = TTransport.TFramedTransport(wire) if framed else TTransport.TBufferedTransport(wire)
    wire.open()
    checks.check_all(Probe.Client(PROTOCOLS[protocol].getProtocol(wire)), ttypes, TApplicationException)
    wire.close()


def server(transport, protocol):
    logging.disable()
    with socket.socket() as free:
        free.bind(('127.0.0.1', 0))
        port = free.getsockname()[1]
    wires = (TTransport.TFramedTransportFactory() if transport == 'framed'
             else TTransport.TBufferedTransportFactory())
    serving = TServer.TThreadedServer(
        Probe.Processor(checks.Handler(ttypes)), TSocket.TServerSocket('127.0.0.1', port), wires,
        PROTOCOLS[protocol], daemon=True)
    print(f'listening on tcp://127.0.0.1:{port}', flush=True)
    serving.serve()


if __name__ == '__main__':
    {'client': client, 'server': server}[sys.argv[2]](*sys.argv[3:])
