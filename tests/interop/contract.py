"""What Apache's cross test expects of its programs: their options, how servers begin and end, the
bits of the client's exit status, and its feature tests (limits, THeader).

    contract.py PROGRAMS WORK
"""
import logging
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.dont_write_bytecode = True
sys.path[:0] = [os.path.join(HERE, 'matrix'), os.path.join(HERE, 'peers', 'python')]

import checks  # noqa: E402
import combination  # noqa: E402
import peers  # noqa: E402

PROGRAMS = os.path.abspath(sys.argv[1])
PYTHON = peers.Python(os.path.join(sys.argv[2], 'contract'))
PYTHON.prepare()
sys.path.insert(0, PYTHON.generated)

from ThriftTest import ThriftTest, ttypes  # noqa: E402
from thrift.Thrift import TMessageType, TType  # noqa: E402
from thrift.protocol import TBinaryProtocol, TCompactProtocol  # noqa: E402
from thrift.server import TServer  # noqa: E402
from thrift.transport import TSocket, TTransport  # noqa: E402

BASE_TYPES, STRUCTS, CONTAINERS, EXCEPTIONS, UNKNOWN = 1, 2, 4, 8, 64
STOP_SECONDS = 20  # Apache's runner waits for 2; sanitizers look for leaks meanwhile
failures = []


def check(what, right, seen=''):
    if not right:
        failures.append(f'{what}: {seen}')


def run_client(*options):
    """(exit status, all that it said)."""
    done = subprocess.run([os.path.join(PROGRAMS, 'thrifttest-client'), *options], check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60)
    return done.returncode, done.stdout.decode(errors='replace')


class Server:
    """Ours, while the block runs."""

    def __init__(self, *options, kind='ip'):
        self.directory = tempfile.TemporaryDirectory()
        self.place = combination.Place(kind, self.directory.name)
        self.said = tempfile.TemporaryFile()
        self.process = combination.start(
            [os.path.join(PROGRAMS, 'thrifttest-server'), *self.place.arguments(True), *options],
            self.said)

    def __enter__(self):
        check('the server starts', combination.wait_for(self.process, self.place),
              combination.tail(self.said))
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.end()
        self.directory.cleanup()

    def end(self, number=signal.SIGHUP):
        os.killpg(self.process.pid, number)
        return combination.wait(self.process, STOP_SECONDS)


# ---- the server ----

def check_server_options():
    accepted = [[f'--server-type={kind}'] for kind in ('simple', 'thread-pool', 'threaded',
                                                       'nonblocking')]
    accepted += [['--workers=2'], ['-n', '2'], ['--processor-events'], ['--transport=zlib', '--zlib']]
    for options in accepted:
        with Server(*options) as server:
            status, said = run_client(*server.place.arguments(False), *options[-1:]
                                      if '--zlib' in options else ())
            check(f'server {options}', status == 0, said)
            check(f'server {options}: "Starting"', 'Starting' in combination.tail(server.said))


def check_server_ends():
    for number in (signal.SIGHUP, signal.SIGTERM, signal.SIGINT):
        with Server(kind='domain') as server, socket.socket(socket.AF_UNIX) as idle:
            idle.connect(server.place.path)
            check(f'ends on {number.name} while somebody is connected', server.end(number) == 0)
            check('the socket is gone', not os.path.exists(server.place.path))


def check_probes():
    """Apache's runner connects and closes until the server answers, over IPv4 and IPv6."""
    with Server() as server:
        for family, host in ((socket.AF_INET, '127.0.0.1'), (socket.AF_INET6, '::1')):
            with socket.socket(family) as probe:
                check(f'reached at {host}', probe.connect_ex((host, server.place.port)) == 0)
        for host in ('127.0.0.1', 'localhost'):
            status, said = run_client(f'--host={host}', f'--port={server.place.port}')
            check(f'client --host={host}', status == 0, said)


def check_refusals():
    server = os.path.join(PROGRAMS, 'thrifttest-server')
    client = os.path.join(PROGRAMS, 'thrifttest-client')
    for program, option, words in ((server, '--ssl', 'TLS'), (client, '--ssl', 'TLS'),
                                   (server, '--pipe=x', 'pipes'), (client, '--pipe=x', 'pipes'),
                                   (server, '--protocol=xml', 'xml'),
                                   (client, '--protocol=xml', 'xml'),
                                   (server, '--nothing', 'nothing')):
        done = subprocess.run([program, option], check=False, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, timeout=20)
        check(f'{os.path.basename(program)} {option} is refused',
              done.returncode != 0 and words in done.stdout.decode(), done.stdout)
    for program in (server, client):
        check('--help', subprocess.run([program, '-h'], stdout=subprocess.DEVNULL,
                                       check=False).returncode == 0)


# ---- the client, against Apache's Python library that answers wrongly ----

def wrong_handler(method, answer):
    return type('Wrong', (checks.Handler,), {method: answer})(ttypes)


def serve(handler):
    """The port of a server in this process; it ends with it."""
    listening = TSocket.TServerSocket('127.0.0.1', next(
        port for port in combination.PORTS if combination.is_free(port)))
    server = TServer.TThreadedServer(ThriftTest.Processor(handler), listening,
                                     TTransport.TBufferedTransportFactory(),
                                     TBinaryProtocol.TBinaryProtocolFactory(), daemon=True)
    threading.Thread(target=server.serve, daemon=True).start()
    wait_until_open(listening.port)
    return listening.port


def wait_until_open(port):
    end = time.monotonic() + 20
    while time.monotonic() < end:
        with socket.socket() as probe:
            if probe.connect_ex(('127.0.0.1', port)) == 0:
                return
        time.sleep(0.01)
    raise SystemExit(f'nobody listens on port {port}')


def check_exit_status():
    cases = [('testString', lambda self, thing: thing + '.', BASE_TYPES),
             ('testI64', lambda self, thing: thing + 1, BASE_TYPES),
             ('testDouble', lambda self, thing: thing * 2 + 1, BASE_TYPES),
             ('testStruct', lambda self, thing: ttypes.Xtruct(), STRUCTS),
             ('testInsanity', lambda self, argument: {}, STRUCTS),
             ('testEnum', lambda self, thing: 1, STRUCTS),
             ('testMap', lambda self, thing: {}, CONTAINERS),
             ('testList', lambda self, thing: thing[::-1], CONTAINERS),
             ('testMapMap', lambda self, hello: {}, CONTAINERS),
             ('testException', lambda self, arg: None, EXCEPTIONS)]
    for method, answer, status in cases:
        place = ['--host=127.0.0.1', f'--port={serve(wrong_handler(method, answer))}', '--no-uuid']
        got, said = run_client(*place)
        check(f'{method} answers wrongly: status {status}', got == status and method in said,
              f'{got}: {said}')
    place = ['--host=127.0.0.1', f'--port={serve(checks.Handler(ttypes))}']
    for options in (['-n', '2'], ['--testloops=2'], ['-t', '2'], ['--threads=2'], ['--noinsane']):
        got, said = run_client(*place, '--no-uuid', *options)
        check(f'client {options}', got == 0, said)
    got, said = run_client(*place)
    check('a uuid that the peer does not know', got == BASE_TYPES and 'testUuid' in said, said)
    free = next(port for port in combination.PORTS if combination.is_free(port))
    got, said = run_client('--host=127.0.0.1', f'--port={free}')
    check('nobody listens', got == BASE_TYPES | STRUCTS | CONTAINERS | EXCEPTIONS | UNKNOWN, said)


# ---- Apache's feature tests ----

PROTOCOLS = {'binary': TBinaryProtocol.TBinaryProtocol,
             'compact': TCompactProtocol.TCompactProtocol}
TRANSPORTS = {'buffered': TTransport.TBufferedTransport, 'framed': TTransport.TFramedTransport}


def connect(place, protocol, transport):
    wire = TSocket.TSocket('127.0.0.1', place.port, socket_family=socket.AF_INET)
    wire.setTimeout(5000)
    wire = TRANSPORTS[transport](wire)
    wire.open()
    return PROTOCOLS[protocol](wire)


def call(protocol, method, args):
    """The kind of the answer's message; the answer must have the call's sequence id."""
    protocol.writeMessageBegin(method, TMessageType.CALL, 3)
    args.write(protocol)
    protocol.writeMessageEnd()
    protocol.trans.flush()
    _, kind, sequence_id = protocol.readMessageBegin()
    check(f'{method}: sequence id', sequence_id == 3, sequence_id)
    protocol.skip(TType.STRUCT)
    protocol.readMessageEnd()
    return kind


def check_limits():
    things = {'string-limit': [('testString', ThriftTest.testString_args, 'a'.__mul__)],
              'container-limit': [('testList', ThriftTest.testList_args, lambda n: [*range(n)]),
                                  ('testSet', ThriftTest.testSet_args, lambda n: {*range(n)}),
                                  ('testMap', ThriftTest.testMap_args,
                                   lambda n: {i: i for i in range(n)})]}
    for option, methods in things.items():
        with Server(f'--{option}=50') as server:
            for name in PROTOCOLS:
                for transport in TRANSPORTS:
                    for method, args, value in methods:
                        protocol = connect(server.place, name, transport)
                        kinds = [call(protocol, method, args(value(n))) for n in (49, 49, 50, 50)]
                        check(f'{option} {method} {name} {transport}',
                              kinds == [TMessageType.REPLY] * 4, kinds)
                        check(f'{option} {method} {name} {transport}: one more',
                              refused(protocol, method, args(value(51))))


def refused(protocol, method, args):
    """The answer is an exception, or the connection ends."""
    try:
        return call(protocol, method, args) == TMessageType.EXCEPTION
    except (EOFError, TTransport.TTransportException):
        return True


def check_header_detects():
    with Server('--protocol=header') as server:
        for name in PROTOCOLS:
            for transport in TRANSPORTS:
                protocol = connect(server.place, name, transport)
                kinds = [call(protocol, 'testVoid', ThriftTest.testVoid_args()) for _ in range(2)]
                check(f'--protocol=header hears {transport} {name}',
                      kinds == [TMessageType.REPLY] * 2, kinds)


if __name__ == '__main__':
    logging.disable()  # what Apache's server says of our calls
    combination.let_servers_be_stopped()
    for part in (check_server_options, check_server_ends, check_probes, check_refusals,
                 check_exit_status, check_limits, check_header_detects):
        part()
    for failure in failures:
        print(f'failed: {failure}')
    sys.exit(1 if failures else 0)
