"""Apache's Python calls testBool in framed compact: call_bool.py GENERATED PORT"""
import sys

sys.path.insert(0, sys.argv[1])

from ThriftTest import ThriftTest  # noqa: E402
from thrift.protocol import TCompactProtocol  # noqa: E402
from thrift.transport import TSocket, TTransport  # noqa: E402

wire = TTransport.TFramedTransport(TSocket.TSocket('127.0.0.1', int(sys.argv[2])))
wire.open()
if ThriftTest.Client(TCompactProtocol.TCompactProtocol(wire)).testBool(True) is not True:
    sys.exit('testBool did not return true')
