#!/usr/bin/python3
"""ThriftPy's threaded server, framed binary, with the definition parsed at start.

    thriftpy_server.py payloads.thrift PORT
"""

import sys

import thriftpy
from thriftpy.protocol import TCyBinaryProtocolFactory
from thriftpy.rpc import make_server
from thriftpy.transport import TCyFramedTransportFactory


class Handler:
    def echo(self, u):
        return u

    def blob(self, b):
        return b

    def ping(self):
        return None


def main():
    module = thriftpy.load(sys.argv[1], module_name="payloads_thrift")
    make_server(module.Echo, Handler(), "127.0.0.1", int(sys.argv[2]),
                proto_factory=TCyBinaryProtocolFactory(),
                trans_factory=TCyFramedTransportFactory()).serve()


main()
