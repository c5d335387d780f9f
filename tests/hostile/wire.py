#!/usr/bin/python3
"""Hostile bytes over a socket: wire.py SERVER IDL CASES

Every case goes to the running server framed and unframed, by HTTP, WebSocket, zlib and THeader; then
every prefix and every split of a good message, and what other protocols say. After each, a connection opened at the start is still
answered; at the end the server stops with status 0.
"""
import json
import re
import signal
import socket
import struct
import subprocess
import sys
import zlib

SECONDS = 10
CALL, REPLY, EXCEPTION, ONEWAY = 1, 2, 3, 4
UNKNOWN_METHOD, INVALID_MESSAGE_TYPE, PROTOCOL_ERROR = 1, 2, 7
STRICT = 0x80010000


def framed(message):
    return struct.pack('>I', len(message)) + message


def call(method=b'echo', sequence=1, kind=CALL):
    """A message whose one argument has only its required field."""
    name = struct.pack('>I', len(method)) + method
    return (struct.pack('>I', STRICT | kind) + name + struct.pack('>i', sequence) +
            bytes.fromhex('0c0001 080009 00000007 00 00'))


class Peer:
    """One connection to the server."""

    def __init__(self, port):
        self.socket = socket.create_connection(('127.0.0.1', port), SECONDS)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def send(self, data):
        try:
            self.socket.sendall(data)
        except OSError:
            pass  # closed already: what came before that is read all the same

    def read(self, size):
        """Exactly size bytes, or what came before the end."""
        data = b''
        while len(data) < size:
            try:
                part = self.socket.recv(size - len(data))
            except ConnectionError:
                part = b''
            if not part:
                break
            data += part
        return data

    def answer(self, is_framed):
        """(kind, name, sequence id, application error's type) or None when the server closed."""
        if is_framed and len(self.read(4)) < 4:
            return None
        head = self.read(4)
        if len(head) < 4:
            return None
        word = struct.unpack('>I', head)[0]
        if word & 0x80000000:
            kind = word & 0xff
            name = self.read(struct.unpack('>I', self.read(4))[0])
        else:  # an old header: the name first, then the kind
            name = self.read(word)
            kind = self.read(1)[0]
        sequence = struct.unpack('>i', self.read(4))[0]
        return kind, name, sequence, self.skip_body(kind == EXCEPTION)

    def skip_body(self, is_error):
        """Reads an application error or an Args that has numbers and strings only."""
        number = None
        depth = 1
        while depth > 0:
            kind = self.read(1)
            if kind in (b'\0', b''):
                depth -= 1
                continue
            ident = struct.unpack('>h', self.read(2))[0]
            if kind == b'\x0c':
                depth += 1
            elif kind == b'\x08':
                value = struct.unpack('>i', self.read(4))[0]
                number = value if is_error and ident == 2 else number
            else:
                self.skip_value(kind[0])
        return number

    def skip_value(self, kind):
        sizes = {2: 1, 3: 1, 4: 8, 6: 2, 8: 4, 10: 8, 16: 16}
        if kind in sizes:
            self.read(sizes[kind])
        elif kind == 11:
            self.read(struct.unpack('>I', self.read(4))[0])
        elif kind == 12:
            self.skip_body(False)
        elif kind in (14, 15):
            element, count = struct.unpack('>BI', self.read(5))
            for _ in range(count):
                self.skip_value(element)
        elif kind == 13:
            key, value, count = struct.unpack('>BBI', self.read(6))
            for _ in range(count):
                self.skip_value(key)
                self.skip_value(value)
        else:
            raise AssertionError(f'type {kind} in an answer')

    def is_closed(self):
        return self.read(1) == b''

    def close(self):
        self.socket.close()


def varint(data, at):
    """(value, where it ends) of an unsigned varint."""
    value, shift = 0, 0
    while data[at] & 0x80:
        value |= (data[at] & 0x7f) << shift
        shift += 7
        at += 1
    return value | data[at] << shift, at + 1


def compact_answer(frame):
    """(kind, application error's type) of a message in the compact protocol."""
    kind, at = frame[1] >> 5, varint(frame, 2)[1]
    size, at = varint(frame, at)
    at += size
    if kind != EXCEPTION:
        return kind, None
    assert frame[at] == 0x18, frame  # field 1, a string
    size, at = varint(frame, at + 1)
    assert frame[at + size] == 0x15, frame  # field 2, an i32
    return kind, varint(frame, at + size + 1)[0] >> 1


def json_answer(frame):
    message = json.loads(frame)
    error = message[4]['2']['i32'] if message[2] == EXCEPTION else None
    return message[2], error


OTHER_PROTOCOLS = {'compact': compact_answer, 'json': json_answer}
GOOD_CALL = {'compact': 'ok-cmp', 'json': 'j-ok'}


class Failures:
    def __init__(self):
        self.count = 0
        self.checked = 0

    def expect(self, good, what):
        self.checked += 1
        if not good:
            self.count += 1
            print('not so:', what, file=sys.stderr)


def outcomes(case):
    """What may come back: a list of (kind, application error's type, connection lives)."""
    want, malformed = case['want'], (EXCEPTION, PROTOCOL_ERROR, True)
    if case['id'] == 'b-name-max' or want.startswith('BAD_VERSION') or case['proto'] == 'framed':
        return [None]
    if want.startswith('INVALID_MESSAGE_TYPE'):
        return [(EXCEPTION, INVALID_MESSAGE_TYPE, False)]
    if want.startswith('UNKNOWN_METHOD'):
        return [(EXCEPTION, UNKNOWN_METHOD, True)]
    if want.startswith(('reply', 'one documented rule', 'same rule as binary')) or want == 'skipped':
        return [(REPLY, None, True)]
    if ' or ' in want:
        return [malformed, (REPLY, None, True)]
    return [malformed]


def check_case(failures, port, case, is_framed):
    message = bytes.fromhex(case['hex'])
    raw = case['proto'] == 'framed'
    peer = Peer(port)
    peer.send(framed(message) if is_framed and not raw else message)
    if not is_framed or raw:
        peer.socket.shutdown(socket.SHUT_WR)  # nothing more comes: an unknown end is an end
    got = peer.answer(is_framed and not raw)
    wanted = outcomes(case)
    label = f"{case['id']} {'framed' if is_framed else 'unframed'}: {case['what']}"
    if got is None:
        fine = None in wanted or (not is_framed and any(o[0] == EXCEPTION for o in wanted if o))
        failures.expect(fine, f'{label}: closed without an answer, wanted {wanted}')
    else:
        fit = [o for o in wanted if o and o[:2] == (got[0], got[3])]
        failures.expect(fit, f'{label}: got {got}, wanted {wanted}')
        name_at, raw_name = 8, message[8:8 + struct.unpack('>I', message[4:8])[0]]
        if message[0] == 0x80 and fit:
            sequence = struct.unpack('>i', message[name_at + len(raw_name):][:4])[0]
            failures.expect(got[1] == raw_name and got[2] == sequence,
                            f'{label}: answer for {got[1]} {got[2]}')
        if fit and is_framed:
            if fit[0][2]:
                peer.send(framed(call(sequence=9)))
                after = peer.answer(True)
                failures.expect(after and after[0] == REPLY and after[2] == 9,
                                f'{label}: the connection should live, got {after}')
            else:
                failures.expect(peer.is_closed(), f'{label}: the connection should end')
    peer.close()


def check_other_case(failures, port, case, good):
    """A framed case of another protocol; afterwards a good call of that protocol on the same
    connection."""
    label = f"{case['id']}: {case['what']}"
    read = OTHER_PROTOCOLS[case['proto']]
    wanted = outcomes(case) + ([None] if case['id'] == 'c-vi-long' else [])
    if 'documented' in case['want'] or case['id'] == 'c-vi-over':
        wanted = [(EXCEPTION, UNKNOWN_METHOD, True), (EXCEPTION, PROTOCOL_ERROR, True),
                  (REPLY, None, True), None]
    peer = Peer(port)
    peer.send(framed(bytes.fromhex(case['hex'])))
    head = peer.read(4)
    if len(head) < 4:
        failures.expect(None in wanted, f'{label}: closed without an answer, wanted {wanted}')
    else:
        got = read(peer.read(struct.unpack('>I', head)[0]))
        failures.expect(any(o and o[:2] == got for o in wanted), f'{label}: {got}, not {wanted}')
        peer.send(framed(good))
        size = peer.read(4)
        after = len(size) == 4 and read(peer.read(struct.unpack('>I', size)[0]))
        failures.expect(after == (REPLY, None), f'{label}: the connection should live: {after}')
    peer.close()


INVALID_TRANSFORM, INVALID_PROTOCOL = 8, 9


def header_outcome(want):
    """What a THeader case is answered with: (kind, application error) or None for an end."""
    for name, code in (('INVALID_PROTOCOL', INVALID_PROTOCOL), ('INVALID_TRANSFORM', INVALID_TRANSFORM)):
        if name in want:
            return EXCEPTION, code
    return None if 'INVALID_DATA' in want else (REPLY, None)


def check_header_case(failures, port, case):
    """A THeader frame is answered in one; what is not spoken is answered, and ends the connection."""
    wanted = header_outcome(case['want'])
    label = f"{case['id']}: {case['what']}"
    peer = Peer(port)
    peer.send(bytes.fromhex(case['hex']))
    head = peer.read(14)
    if len(head) < 14:
        failures.expect(wanted is None, f'{label}: closed without an answer, wanted {wanted}')
    else:
        failures.expect(head[4:6] == b'\x0f\xff', f'{label}: no THeader answers: {head}')
        peer.read(4 * struct.unpack('>H', head[12:14])[0])
        got = peer.answer(False)
        failures.expect(wanted == (got[0], got[3]), f'{label}: {got}, wanted {wanted}')
        if wanted and wanted[0] == EXCEPTION:
            failures.expect(peer.is_closed(), f'{label}: the connection should end')
    peer.close()


def http_request(body):
    return (b'POST /any HTTP/1.1\r\nHost: h\r\nContent-Type: application/x-thrift\r\n'
            b'Content-Length: %d\r\n\r\n' % len(body)) + body


WEBSOCKET = (b'GET / HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n'
             b'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n')


def websocket_frame(payload):
    return struct.pack('>BBQ', 0x82, 0xff, len(payload)) + bytes(4) + payload  # a mask of zeros


def zlib_stream(payload):
    stream = zlib.compressobj()
    return stream.compress(payload) + stream.flush(zlib.Z_SYNC_FLUSH)


class Carried(Peer):
    """A connection on which something stands around the messages; subclasses undo it."""

    def __init__(self, port):
        super().__init__(port)
        self.plain = b''

    def say(self, message):
        self.send(self.wrap(framed(message)))

    def hear(self):
        """The message of one reply, or None at the end."""
        size = self.take(4)
        return self.take(struct.unpack('>I', size)[0]) if len(size) == 4 else None

    def take(self, size):
        while len(self.plain) < size:
            more = self.unwrap()
            if not more:
                break
            self.plain += more
        taken, self.plain = self.plain[:size], self.plain[size:]
        return taken


class ByHttp(Carried):
    def wrap(self, data):
        return http_request(data)

    def unwrap(self):
        """The body of a 200. A refusal has another status, and no message."""
        head = b''
        while not head.endswith(b'\r\n\r\n'):
            part = self.read(1)
            if not part:
                return b''
            head += part
        size = int(re.search(rb'\r\nContent-Length: (\d+)\r\n', head)[1])
        body = self.read(size)
        assert head.startswith((b'HTTP/1.1 200 ', b'HTTP/1.1 400 ')), head
        return body if head.startswith(b'HTTP/1.1 200 ') else b''


class ByWebSocket(Carried):
    def __init__(self, port):
        super().__init__(port)
        self.send(WEBSOCKET)
        head = b''
        while not head.endswith(b'\r\n\r\n'):
            head += self.read(1)
        assert head.startswith(b'HTTP/1.1 101 '), head

    def wrap(self, data):
        return websocket_frame(data)

    def unwrap(self):
        head = self.read(2)
        if len(head) < 2 or head[0] == 0x88:
            return b''
        size = head[1]
        if size > 125:
            size = int.from_bytes(self.read(2 if size == 126 else 8), 'big')
        return self.read(size)


class ByZlib(Carried):
    def __init__(self, port):
        super().__init__(port)
        self.deflater, self.inflater = zlib.compressobj(), zlib.decompressobj()

    def wrap(self, data):
        return self.deflater.compress(data) + self.deflater.flush(zlib.Z_SYNC_FLUSH)

    def unwrap(self):
        plain = b''
        while not plain:
            part = self.read(1)
            if not part:
                return b''
            plain = self.inflater.decompress(part)
        return plain


class ByHeader(Carried):
    """Binary or compact in THeader frames, which end a message as frames do."""

    def say(self, message):
        self.send(header_of(message, 0 if message[0] in (0, 0x80) else 2, b''))

    def hear(self):
        size = self.read(4)
        if len(size) < 4:
            return None
        frame = self.read(struct.unpack('>I', size)[0])
        return frame[10 + 4 * struct.unpack('>H', frame[8:10])[0]:]


class Said(Peer):
    """A message that has been read already."""

    def __init__(self, message):
        self.message = message

    def read(self, size):
        taken, self.message = self.message[:size], self.message[size:]
        return taken


def binary_answer(message):
    got = Said(message).answer(False)
    return got[0], got[3]


READERS = dict(OTHER_PROTOCOLS, binary=binary_answer)


def check_carried(failures, port, case, good):
    """The same cases in what carries messages. Where the connection lives, it answers a good call."""
    wanted = outcomes(case) + ([None] if case['id'] == 'c-vi-long' else [])
    if 'documented' in case['want'] or case['id'] == 'c-vi-over':
        wanted = [(EXCEPTION, UNKNOWN_METHOD, True), (EXCEPTION, PROTOCOL_ERROR, True),
                  (REPLY, None, True), None]
    read = READERS[case['proto']]
    for way in (ByHttp, ByWebSocket, ByZlib, ByHeader):
        if way is ByHeader and case['proto'] == 'json':
            continue  # there is no place for it
        label = f"{case['id']} {way.__name__}: {case['what']}"
        peer = way(port)
        peer.say(bytes.fromhex(case['hex']))
        answer = peer.hear()
        if answer is None:
            failures.expect(None in wanted, f'{label}: no answer, wanted {wanted}')
        else:
            got = read(answer)
            fit = [o for o in wanted if o and o[:2] == got]
            failures.expect(fit, f'{label}: {got}, wanted {wanted}')
            if fit and fit[0][2]:
                peer.say(good)
                after = peer.hear()
                failures.expect(after and read(after) == (REPLY, None),
                                f'{label}: the connection should live: {after}')
        peer.close()


def check_bombs(failures, port):
    """Megabytes of zeros, and a message that claims a gigabyte of them, in 32 KiB."""
    zeros = bytes(32 << 20)
    claim = call()[:20] + b'\x0b\x00\x05' + struct.pack('>I', 1 << 30)
    for payload in (zeros, claim + zeros):
        for data in (zlib_stream(payload), header_of(zlib.compress(payload))):
            peer = Peer(port)
            peer.send(data)
            got = peer.read(65536)
            failures.expect(b'\x80\x01\x00\x02' not in got, f'a bomb is answered: {got[:40]}')
            peer.close()


def header_of(payload, protocol=0, transforms=b'\x01'):
    words = bytes([protocol, len(transforms)]) + transforms
    words += bytes(-len(words) % 4)
    return framed(struct.pack('>HHiH', 0x0fff, 0, 1, len(words) // 4) + words + payload)


def check_prefixes(failures, port):
    message = call()
    for data in (framed(message), message):
        for size in range(len(data)):
            peer = Peer(port)
            peer.send(data[:size])
            peer.socket.shutdown(socket.SHUT_WR)
            failures.expect(peer.is_closed(), f'prefix of {size} of {len(data)} bytes: an answer')
            peer.close()


def check_splits(failures, port):
    for is_framed in (True, False):
        data = framed(call()) if is_framed else call()
        peer = Peer(port)
        for at in range(1, len(data)):
            peer.send(data[:at])
            peer.send(data[at:])
            got = peer.answer(is_framed)
            failures.expect(got and got[0] == REPLY, f'split at {at} of {len(data)}: {got}')
        peer.close()


def check_pipeline(failures, port):
    for is_framed in (True, False):
        calls = [call(sequence=i) if i % 3 else call(b'nothing', sequence=i) for i in range(200)]
        calls.insert(100, call(b'fire', sequence=500, kind=ONEWAY))
        peer = Peer(port)
        peer.send(b''.join(framed(c) if is_framed else c for c in calls))
        got = [peer.answer(is_framed) for _ in range(200)]
        failures.expect([g and g[2] for g in got] == list(range(200)), f'order of {len(got)} replies')
        failures.expect(all(g and g[0] == (REPLY if g[2] % 3 else EXCEPTION) for g in got), 'kinds')
        peer.close()


def check_oneway(failures, port):
    """Never a byte for a oneway method, whatever is wrong with it."""
    good, bad = call(b'fire', kind=ONEWAY), call(b'fire', kind=ONEWAY)[:-9] + b'\0\0'
    as_call = call(b'fire', sequence=3)
    for message in (good, bad, as_call):
        peer = Peer(port)
        peer.send(framed(message) + framed(call(sequence=77)))
        got = peer.answer(True)
        failures.expect(got and got[2] == 77, f'oneway: {got}')
        peer.close()


STRANGERS = {
    'HTTP GET': b'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n',
    'TLS': bytes.fromhex('16030100a5010000a10303') + bytes(range(160)),
    'zeros': bytes(64),
    'ones': b'\xff' * 64,
    'Redis': b'*1\r\n$4\r\nPING\r\n',
    'SSH': b'SSH-2.0-OpenSSH_9.2\r\n',
    'text': b'hello, is anybody there?\n' * 10,
}


def check_strangers(failures, port):
    for name, data in STRANGERS.items():
        peer = Peer(port)
        peer.send(data)
        peer.socket.shutdown(socket.SHUT_WR)
        got = peer.read(4096)
        failures.expect(b'\x80\x01\x00\x02' not in got, f'{name}: a reply: {got[:40]}')
        peer.close()


def check_resets(port):
    for size in (0, 3, 10, 28):
        peer = Peer(port)
        peer.send(call()[:size] * 5)
        linger = struct.pack('ii', 1, 0)
        peer.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        peer.close()


def check_canary(failures, canary, after):
    canary.send(framed(call(sequence=5)))
    got = canary.answer(True)
    failures.expect(got and got[0] == REPLY, f'another connection, after {after}: {got}')


def check_all(failures, port, cases):
    canary = Peer(port)
    by_name = {case['id']: bytes.fromhex(case['hex']) for case in cases}
    for case in cases:
        if case['proto'] in OTHER_PROTOCOLS:
            check_other_case(failures, port, case, by_name[GOOD_CALL[case['proto']]])
            check_carried(failures, port, case, by_name[GOOD_CALL[case['proto']]])
        if case['proto'] == 'header':
            check_header_case(failures, port, case)
        if case['proto'] not in ('binary', 'framed'):
            check_canary(failures, canary, case['id'])
            continue
        for is_framed in (True, False):
            check_case(failures, port, case, is_framed)
        if case['proto'] == 'binary':
            check_carried(failures, port, case, call(sequence=3))
        check_canary(failures, canary, case['id'])
    for check in (check_prefixes, check_splits, check_pipeline, check_oneway, check_strangers,
                  check_bombs):
        check(failures, port)
        check_canary(failures, canary, check.__name__)
    check_resets(port)
    check_canary(failures, canary, 'resets')
    canary.close()


def main(server_path, idl, cases_path):
    failures = Failures()
    with open(cases_path, encoding='utf-8') as lines:
        cases = [json.loads(line) for line in lines]
    server = subprocess.Popen([server_path, idl], stdout=subprocess.PIPE, text=True)
    line = server.stdout.readline()
    port = re.search(r':(\d+)$', line.strip())
    if not port:
        sys.exit('the server did not start')
    socket.setdefaulttimeout(SECONDS)
    try:
        check_all(failures, int(port[1]), cases)
    finally:
        server.send_signal(signal.SIGTERM)
        ended = server.wait(60)
    failures.expect(ended == 0, f'the server ended with {ended}')
    print(f'{failures.checked} checked, {failures.count} wrong')
    return failures.count > 0


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
