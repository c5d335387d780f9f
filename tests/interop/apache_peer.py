#!/usr/bin/python3
"""Apache's Python library (python3-thrift) with code that `thrift --gen py` made.

    apache_peer.py GENERATED client ADDRESS buffered|framed strict|old|compact|json
    apache_peer.py GENERATED client ADDRESS header|header-zlib strict|compact
    apache_peer.py GENERATED client ADDRESS http|zlib strict|compact|json
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
from thrift.protocol import TBinaryProtocol, TCompactProtocol, THeaderProtocol, TJSONProtocol  # noqa: E402
from thrift.server import TServer  # noqa: E402
from thrift.transport import THeaderTransport, THttpClient, TSocket, TTransport, TZlibTransport  # noqa: E402


PROTOCOLS = {
    'strict': TBinaryProtocol.TBinaryProtocolFactory(strictRead=True, strictWrite=True),
    'old': TBinaryProtocol.TBinaryProtocolFactory(strictRead=False, strictWrite=False),
    'compact': TCompactProtocol.TCompactProtocolFactory(),
    'json': TJSONProtocol.TJSONProtocolFactory(),
}


class Headers(THeaderProtocol.THeaderProtocol):
    """THeader, with zlib or without, and a header beside each request."""

    def __init__(self, wire, compact, zlib):
        ids = THeaderTransport.THeaderSubprotocolID
        kinds = (THeaderTransport.THeaderClientType.HEADERS,)
        super().__init__(wire, kinds, ids.COMPACT if compact else ids.BINARY)
        if zlib:
            self.add_transform(THeaderTransport.THeaderTransformID.ZLIB)

    def writeMessageBegin(self, name, kind, sequence):
        self.set_header(b'Method', name.encode())
        super().writeMessageBegin(name, kind, sequence)


def protocol_over(wire, transport, protocol):
    if transport.startswith('header'):
        return Headers(wire, protocol == 'compact', transport == 'header-zlib')
    if transport == 'http':
        return PROTOCOLS[protocol].getProtocol(wire)
    if transport == 'zlib':
        return PROTOCOLS[protocol].getProtocol(TZlibTransport.TZlibTransport(wire))
    framed = transport == 'framed'
    wire = TTransport.TFramedTransport(wire) if framed else TTransport.TBufferedTransport(wire)
    return PROTOCOLS[protocol].getProtocol(wire)


def client(address, transport, protocol):
    peer = urllib.parse.urlsplit(address)
    if transport == 'http':
        wire = THttpClient.THttpClient(f'http://{peer.netloc}/any/path')
        wire.setCustomHeaders({'Method': 'echo'})
    else:
        wire = TSocket.TSocket(peer.hostname, peer.port)
    speaks = protocol_over(wire, transport, protocol)
    speaks.trans.open()
    checks.check_all(Probe.Client(speaks), ttypes, TApplicationException)
    if transport == 'http':
        checks.expect(wire.headers['Method-Back'] == 'echo', wire.headers)
    if transport.startswith('header'):
        checks.expect(speaks.get_headers() == {b'Method-Back': b'echo'}, speaks.get_headers())
    speaks.trans.close()


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
