#!/usr/bin/python3
"""One server, one port, every wire at the same time: one_port.py SERVER WORK NODE_MODULES

testString of ThriftTest is called, over and over while the others do, by Apache's Python (unframed
binary; THeader, compact with zlib; HTTP), C++ (compact framed; HTTP), node (HTTP), curl (TJSON by
HTTP), raw TJSON, and a WebSocket of our own. Who cannot take part is named.
"""
import base64
import hashlib
import json
import os
import shutil
import signal
import socket
import struct
import subprocess
import sys
import threading

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), 'matrix'))
import peers  # noqa: E402
from peers.peer import definition, run  # noqa: E402

CALLS = 30
SECONDS = 60
TJSON = '[1,"testString",1,%d,{"1":{"str":"%s"}}]'


def generate(work):
    """Apache's Python code for ThriftTest, and what it needs, into the path."""
    os.makedirs(work, exist_ok=True)
    out = os.path.join(work, 'one-port-py')
    os.makedirs(out, exist_ok=True)
    run(['thrift', '-nowarn', '--gen', 'py', '-out', out, definition(work)])
    sys.path.insert(0, out)


def check(got, wanted):
    if got != wanted:
        raise AssertionError(f'{got!r}, wanted {wanted!r}')


def call_with(make_protocol):
    def run(port):
        from ThriftTest import ThriftTest
        protocol = make_protocol(port)
        client = ThriftTest.Client(protocol)
        protocol.trans.open()
        for i in range(CALLS):
            check(client.testString(f'call {i}'), f'call {i}')
            client.testOneway(0)
        protocol.trans.close()
    return run


def python_unframed(port):
    from thrift.protocol import TBinaryProtocol
    from thrift.transport import TSocket, TTransport
    wire = TTransport.TBufferedTransport(TSocket.TSocket('127.0.0.1', port))
    return TBinaryProtocol.TBinaryProtocol(wire)


def python_header(port):
    from thrift.protocol import THeaderProtocol
    from thrift.transport import THeaderTransport, TSocket
    header = THeaderProtocol.THeaderProtocol(
        TSocket.TSocket('127.0.0.1', port), (THeaderTransport.THeaderClientType.HEADERS,),
        THeaderTransport.THeaderSubprotocolID.COMPACT)
    header.add_transform(THeaderTransport.THeaderTransformID.ZLIB)
    return header


def python_http(port):
    from thrift.protocol import TBinaryProtocol
    from thrift.transport import THttpClient
    return TBinaryProtocol.TBinaryProtocol(THttpClient.THttpClient(f'http://127.0.0.1:{port}/any'))


def run_program(peer, protocol, transport):
    def run(port):
        command = peer.command('client') + ['--host=127.0.0.1', f'--port={port}',
                                            f'--protocol={protocol}', f'--transport={transport}']
        done = subprocess.run(command, timeout=SECONDS, capture_output=True, text=True, check=False)
        check((done.returncode, '' if done.returncode == 0 else done.stderr), (0, ''))
    return run


def success(text, sequence):
    reply = json.loads(text)
    check(reply[:4], [1, 'testString', 2, sequence])
    return reply[4]['0']['str']


def curl(port):
    for i in range(3):
        text = subprocess.run(
            ['curl', '-sS', '-f', '-H', 'Content-Type: application/x-thrift', '--data-binary',
             TJSON % (i, f'curl {i}'), f'http://127.0.0.1:{port}/'],
            timeout=SECONDS, capture_output=True, text=True, check=True).stdout
        check(success(text, i), f'curl {i}')


def raw_tjson(port):
    with socket.create_connection(('127.0.0.1', port), SECONDS) as wire:
        for i in range(CALLS):
            wire.sendall((TJSON % (i, f'raw {i}')).encode())
            text = b''
            while not text.endswith(b'}}]'):
                text += wire.recv(4096)
            check(success(text, i), f'raw {i}')


class WebSocket:
    """As much of RFC 6455 as a client needs."""

    def __init__(self, port):
        self.wire = socket.create_connection(('127.0.0.1', port), SECONDS)
        self.file = self.wire.makefile('rb')
        key = base64.b64encode(os.urandom(16)).decode()
        self.wire.sendall((f'GET /chat HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\n'
                           f'Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n'
                           f'Sec-WebSocket-Key: {key}\r\n\r\n').encode())
        head = [self.file.readline().strip()]
        while head[-1]:
            head.append(self.file.readline().strip())
        salted = (key + '258EAFA5-E914-47DA-95CA-C5AB0DC85B11').encode()
        accept = base64.b64encode(hashlib.sha1(salted).digest())
        check(b'Sec-WebSocket-Accept: ' + accept in head, True)

    def send(self, payload, opcode):
        mask = os.urandom(4)
        masked = bytes(byte ^ mask[i % 4] for i, byte in enumerate(payload))
        self.wire.sendall(struct.pack('>BBH', 0x80 | opcode, 0x80 | 126, len(payload)) + mask + masked)

    def receive(self):
        first, size = self.file.read(2)
        size = struct.unpack('>H', self.file.read(2))[0] if size == 126 else size
        return first & 15, self.file.read(size)


def websocket(port):
    wire = WebSocket(port)
    for i in range(CALLS):
        opcode = 1 + i % 2  # text and binary in turn
        wire.send((TJSON % (i, f'socket {i}')).encode(), opcode)
        kind, text = wire.receive()
        check((kind, success(text, i)), (opcode, f'socket {i}'))
    wire.send(b'hello', 9)
    check(wire.receive(), (10, b'hello'))
    wire.send(struct.pack('>H', 1000), 8)
    check(wire.receive()[0], 8)


def callers(work, node_modules):
    found = {'Python unframed binary': call_with(python_unframed),
             'Python THeader compact zlib': call_with(python_header),
             'Python HTTP binary': call_with(python_http),
             'raw TJSON': raw_tjson, 'WebSocket TJSON': websocket}
    cpp, node = peers.Cpp(work), peers.Node(work)
    node.modules = node_modules
    for peer, ways in ((cpp, {'C++ framed compact': ('compact', 'framed'),
                              'C++ HTTP binary': ('binary', 'http')}),
                       (node, {'node HTTP binary': ('binary', 'http')})):
        why = peer.missing()
        if why is None:
            peer.prepare()
            found.update({name: run_program(peer, *way) for name, way in ways.items()})
        else:
            print(f'left out  {", ".join(ways)}: {why}')
    if shutil.which('curl'):
        found['curl TJSON'] = curl
    else:
        print('left out  curl TJSON: curl is not installed')
    return found


def start(program):
    with socket.socket() as free:
        free.bind(('127.0.0.1', 0))
        port = free.getsockname()[1]
    server = subprocess.Popen([program, f'--port={port}', '-n', '2'], stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL, text=True)
    check(server.stdout.readline().startswith('Starting'), True)
    return server, port


def main(program, work, node_modules):
    generate(work)
    calling = callers(work, node_modules)
    server, port = start(program)
    together, waiting, failures = threading.Barrier(len(calling)), set(calling), []

    def call(name, function):
        """Again and again, until each of the others has been through as well."""
        try:
            together.wait(SECONDS)
            while waiting:
                function(port)
                waiting.discard(name)
            print(f'passed  {name}')
        except Exception as failure:  # whatever it is, it is this caller's
            failures.append(name)
            waiting.clear()
            print(f'FAILED  {name}: {failure!r}')

    threads = [threading.Thread(target=call, args=item) for item in calling.items()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    server.send_signal(signal.SIGTERM)
    check(server.wait(SECONDS), 0)
    return len(failures) > 0


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
