#!/usr/bin/python3
"""Makes the vectors beside it with Apache's Python library, and names them.

Needs Debian's thrift-compiler and python3-thrift. The files are committed, so that tests need
neither. Every value is written as TYPE-NAME.PROTOCOL, messages as message-NAME.PROTOCOL.
"""
import importlib
import math
import pathlib
import subprocess
import sys
import tempfile

from thrift.Thrift import TApplicationException, TMessageType
from thrift.protocol import TBinaryProtocol, TCompactProtocol, TJSONProtocol
from thrift.transport import TTransport

HERE = pathlib.Path(__file__).resolve().parent
# Of what Python's simple JSON writes as everybody: without long doubles and control characters.
SIMPLE = ['Every-choice', 'Empty-empty', 'Choice-text', 'Defaults-defaults']


class OldBinaryFactory(TBinaryProtocol.TBinaryProtocolFactory):
    def __init__(self):
        super().__init__(strictRead=False, strictWrite=False)


PROTOCOLS = {
    'binary': TBinaryProtocol.TBinaryProtocolFactory(strictRead=True, strictWrite=True),
    'compact': TCompactProtocol.TCompactProtocolFactory(),
    'tjson': TJSONProtocol.TJSONProtocolFactory(),
}


def generate(directory):
    subprocess.run(['thrift', '--gen', 'py', '-out', directory,
                    HERE / 'vectors.thrift'], check=True, stderr=subprocess.DEVNULL)
    sys.path.insert(0, directory)
    return importlib.import_module('vectors.ttypes'), importlib.import_module('vectors.Vectors')


def full(t):
    """Every field set, with extremes and awkward text."""
    return t.Every(
        yes=True, tiny=-128, small=-32768, medium=-2147483648, large=-9223372036854775808,
        real=-0.1, text='h\u00e9llo "w\u00f6rld" \\ / \t\n\u0001 \U0001f600', raw=bytes(range(256)),
        color=t.Color.BLUE, point=t.Point(x=1.5, y=-2.25),
        numbers=[0, 1, -1, 63, 64, -64, -65, 8191, 8192, 2147483647],
        words={'one'}, counts={'a': 1}, points=[t.Point(x=0.0, y=1e300), t.Point(x=-1e-300, y=3.0)],
        names={7: ['x', '', 'yy']}, flags=[True, False, True], table=[[1, -2], [], [300]],
        places={-9007199254740993: t.Point(x=2.0, y=0.5)}, choice=t.Choice(number=5),
        reals=[0.5, -1.25, 1e17, 123456789.125], larges=[9223372036854775807, -1, 0, 1 << 35],
        answers={True: 1}, far='far', no=False, farther=-7, negative=11)


def long_lists(t):
    """Sizes that need the long forms of compact, and more than one vector of numbers."""
    return t.Every(
        yes=False, tiny=127, small=32767, medium=2147483647, large=9223372036854775807, real=1e10,
        text='x' * 200, raw=b'\xff' * 40, color=t.Color.RED, point=t.Point(x=0.0, y=0.0),
        numbers=list(range(-20, 20)), words=set(), counts={}, points=[t.Point(x=i, y=-i)
                                                                      for i in range(20)],
        names={}, flags=[i % 3 == 0 for i in range(33)], table=[[i] * i for i in range(17)],
        places={}, choice=t.Choice(point=t.Point(x=4.0, y=5.0)), reals=[i / 4 for i in range(21)],
        larges=[1 << i for i in range(62)], answers={})


def common(t):
    """`full` without what other languages order or write otherwise: an implicit id, which Python
    writes first and node and C last, and 64-bit keys that node does not write as they were."""
    value = full(t)
    value.negative = None
    value.places = {7: t.Point(x=2.0, y=0.5)}
    return value


def values(t):
    yield 'Every-full', full(t)
    yield 'Every-common', common(t)
    yield 'Every-long', long_lists(t)
    yield 'Every-choice', t.Every(choice=t.Choice(text=''))
    yield 'Point-plain', t.Point(x=math.pi, y=-math.e)
    yield 'Empty-empty', t.Empty()
    yield 'Choice-text', t.Choice(text='chosen')
    yield 'Defaults-defaults', t.Defaults()


def write(factory, put):
    buffer = TTransport.TMemoryBuffer()
    put(factory.getProtocol(buffer))
    return buffer.getvalue()


def message(name, kind, sequence_id, body):
    def put(protocol):
        protocol.writeMessageBegin(name, kind, sequence_id)
        body.write(protocol)
        protocol.writeMessageEnd()
    return put


def messages(t, s):
    error = TApplicationException(TApplicationException.UNKNOWN_METHOD, 'Unknown function x')
    yield 'call', message('echo', TMessageType.CALL, 7, s.echo_args(value=t.Every(medium=1)))
    yield 'reply', message('echo', TMessageType.REPLY, -1, s.echo_result(success=t.Every(text='r')))
    yield 'thrown', message('echo', TMessageType.REPLY, 8,
                            s.echo_result(failure=t.Failure(code=3, why='so')))
    yield 'exception', message('x', TMessageType.EXCEPTION, 2147483647, error)
    yield 'oneway', message('fire', TMessageType.ONEWAY, 0, s.fire_args(number=300))


def main():
    with tempfile.TemporaryDirectory() as directory:
        types, service = generate(directory)
        for protocol, factory in PROTOCOLS.items():
            for name, value in values(types):
                (HERE / f'{name}.{protocol}').write_bytes(write(factory, value.write))
            for name, put in messages(types, service):
                (HERE / f'message-{name}.{protocol}').write_bytes(write(factory, put))
        simple = TJSONProtocol.TSimpleJSONProtocolFactory()
        for name, value in values(types):
            if name in SIMPLE:
                (HERE / f'{name}.simple').write_bytes(write(simple, value.write))
        old = OldBinaryFactory()
        for name, put in messages(types, service):
            (HERE / f'message-{name}.old').write_bytes(write(old, put))


if __name__ == '__main__':
    main()
