#!/usr/bin/python3
"""ThriftPy (python3-thriftpy), which reads the definition at run time.

    thriftpy_peer.py FILE client ADDRESS buffered|framed strict|old
    thriftpy_peer.py FILE server buffered|framed strict
"""
import logging
import socket
import sys
import urllib.parse

import thriftpy
from thriftpy.protocol import TBinaryProtocol, TBinaryProtocolFactory
from thriftpy.server import TThreadedServer
from thriftpy.thrift import TApplicationException, TClient, TProcessor
from thriftpy.transport import (TBufferedTransport, TBufferedTransportFactory, TFramedTransport,
                                TFramedTransportFactory, TServerSocket, TSocket)

import probe as checks


def client(types, address, transport, header):
    peer = urllib.parse.urlsplit(address)
    wire = TSocket(peer.hostname, peer.port)
    wire = TFramedTransport(wire) if transport == 'framed' else TBufferedTransport(wire)
    strict = header == 'strict'
    protocol = TBinaryProtocol(wire, strict_read=strict, strict_write=strict)
    wire.open()
    checks.check_all(TClient(types.Probe, protocol), types, TApplicationException)
    wire.close()


def server(types, transport, _):
    logging.disable()
    with socket.socket() as free:
        free.bind(('127.0.0.1', 0))
        port = free.getsockname()[1]
    wires = TFramedTransportFactory() if transport == 'framed' else TBufferedTransportFactory()
    serving = TThreadedServer(TProcessor(types.Probe, checks.Handler(types)),
                              TServerSocket('127.0.0.1', port), itrans_factory=wires,
                              iprot_factory=TBinaryProtocolFactory(strict_read=True))
    serving.daemon = True
    print(f'listening on tcp://127.0.0.1:{port}', flush=True)
    serving.serve()


if __name__ == '__main__':
    definition = thriftpy.load(sys.argv[1], module_name='probe_thrift')
    {'client': client, 'server': server}[sys.argv[2]](definition, *sys.argv[3:])
