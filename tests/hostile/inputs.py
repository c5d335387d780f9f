"""The hostile inputs that need no socket, and the programs that measure what each costs.

Cases of wire.jsonl whole and without their envelopes, elements by the hundred thousand, the fuzz
targets' corpora, and records whose fixed part is all that counts.

A message may use PER_BYTE bytes for each of its own and BESIDES more. Records that arrive with some
of their fields cost their whole layout: what they take is bounded by the message's budget alone.
"""
import collections
import json
import pathlib
import struct
import subprocess

HERE = pathlib.Path(__file__).resolve().parent
CORPORA = HERE.parent / 'fuzz' / 'corpus'

# is_record: the fixed part of records counts, so that the budget is the bound
Input = collections.namedtuple('Input', 'name protocol type bytes want is_record',
                               defaults=(None, False))
Cost = collections.namedtuple('Cost', 'name size peak ns status message')

PER_BYTE, BESIDES = 16, 64 << 10
# The default of thrift_limits.max_message_memory; memory comes in blocks of at most CHUNK, whose
# ends are lost when the next value does not fit there.
BUDGET, CHUNK = 64 << 20, 1 << 20


def allowance(case, size):
    return BUDGET + BUDGET // 32 + CHUNK if case.is_record else PER_BYTE * size + BESIDES


# ---- wire.jsonl

ENVELOPES = {'binary': bytes.fromhex('80010001 00000004 6563686f 00000001'),
             'compact': bytes.fromhex('822101046563686f'), 'json': b'[1,"echo",1,1,'}


def body_of(case):
    """What stands behind the envelope, where that is the good one."""
    data, envelope = bytes.fromhex(case['hex']), ENVELOPES.get(case['proto'])
    if envelope is None or not data.startswith(envelope):
        return None
    body = data[len(envelope):]
    return body.removesuffix(b']') if case['proto'] == 'json' else body


def wire_cases(path):
    with open(path, encoding='utf-8') as lines:
        for case in map(json.loads, lines):
            yield Input(case['id'], 'message', 'T', bytes.fromhex(case['hex']), case['want'])
            body = body_of(case)
            if body is not None:
                protocol = 'tjson' if case['proto'] == 'json' else case['proto']
                yield Input(case['id'] + ' body', protocol, 'T.echo args', body, case['want'])


# ---- elements by the hundred thousand: id, element type, its bytes, its JSON

NODES = 'nodes with an empty list'
ELEMENTS = {
    'empty structs': (1, 12, b'\0', '{}'),
    'nodes': (2, 12, b'\0', '{}'),
    NODES: (2, 12, bytes.fromhex('0f00010c00000000 00'), '{"1":{"lst":["rec",0]}}'),
    'bools': (3, 2, b'\1', '1'),
    'empty strings': (8, 11, bytes(4), '""'),
    'strings of one byte': (8, 11, b'\0\0\0\1a', '"a"'),
}
COMPACT = {'empty structs': (1, 12, b'\0'), 'nodes': (2, 12, b'\0'),
           NODES: (2, 12, b'\x19\x0c\0'), 'bools': (3, 1, b'\1'),
           'empty strings': (8, 8, b'\0'), 'strings of one byte': (8, 8, b'\1a')}
REQUIRED = bytes.fromhex('080009 00000007')
TAGS = {12: 'rec', 2: 'tf', 11: 'str'}


def varint(number):
    out = b''
    while number > 127:
        out += bytes([number & 127 | 128])
        number >>= 7
    return out + bytes([number])


def bombs(count):
    """Args with one container of `count` elements, in three protocols."""
    for name, (field, element, data, text) in ELEMENTS.items():
        container = 14 if field == 8 else 15
        yield Input(name, 'binary', 'Args', struct.pack('>BhBi', container, field, element, count) +
                    data * count + REQUIRED + b'\0', 'reply')
        words = '{"%d":{"%s":["%s",%d,%s]},"9":{"i32":7}}' % (
            field, 'set' if field == 8 else 'lst', TAGS[element], count, ','.join([text] * count))
        yield Input(name, 'tjson', 'Args', words.encode(), 'reply')
        field, element, data = COMPACT[name]
        yield Input(name, 'compact', 'Args', bytes([field << 4 | (10 if field == 8 else 9),
                                                    0xf0 | element]) + varint(count) +
                    data * count + bytes([(9 - field) << 4 | 5, 14, 0]), 'reply', name == NODES)
    yield Input('equal keys', 'binary', 'Args', struct.pack('>BhBBi', 13, 4, 8, 8, count) +
                bytes(8) * count + REQUIRED + b'\0', 'reply')
    yield Input('equal keys', 'compact', 'Args', b'\x4b' + varint(count) + b'\x55' +
                bytes(2) * count + b'\x55\x0e\0', 'reply')
    yield Input('equal keys', 'json', 'Args', ('{"m":{%s},"req":7}' % ','.join(
        ['"1":1'] * count)).encode(), 'reply')


# ---- what fuzzing found

def corpora():
    """The first byte of these inputs chooses the fuzz target's options."""
    for name, protocols in (('binary', ['binary']), ('compact', ['compact', 'binary']),
                            ('json', ['tjson', 'json'])):
        for path in sorted((CORPORA / name).iterdir()):
            for protocol in protocols:
                yield Input(f'{name}/{path.name}', protocol, 'Args', path.read_bytes()[1:])


# ---- a wide struct with one field

WIDE_FIELDS = 1000


def wide_definition():
    fields = ', '.join(f'{i}: i64 f{i}' for i in range(1, WIDE_FIELDS + 1))
    return f'struct Wide {{ {fields} }}\nstruct Box {{ 1: list<Wide> items }}\n'


def wide(count):
    """`count` wide structs, each with one field of twelve bytes."""
    item = struct.pack('>BhqB', 10, 1, 5, 0)
    return Input(f'{count} wide structs', 'binary', 'Box',
                 struct.pack('>BhBi', 15, 1, 12, count) + item * count + b'\0', is_record=True)


# ---- definitions

LOAD_BYTES = 200 << 20
# Cases whose outcome is in files beside them, which are not there.
OF_OTHER_FILES = ('inc_b', 'inc_fifo')


def load_cases(path, folder):
    """Writes the cases of idl.jsonl into the folder; yields (name, file, want)."""
    for line in pathlib.Path(path).read_text(encoding='utf-8').splitlines():
        case = json.loads(line)
        file = folder / f"{case['name']}.thrift"
        file.write_bytes(bytes.fromhex(case['hex']) if 'hex' in case else case['text'].encode())
        yield case['name'], file, case['want']


# ---- measuring

def costs(command, lines):
    done = subprocess.run(command, input=''.join('\t'.join(line) + '\n' for line in lines),
                          capture_output=True, text=True, timeout=600, check=False,
                          errors='replace')
    if done.returncode != 0:
        raise RuntimeError(f'{command}: exit status {done.returncode}: {done.stderr[:2000]}')
    for line in done.stdout.splitlines():
        name, size, peak, ns, status, message = line.split('\t', 5)
        yield Cost(name, int(size), int(peak), int(ns), status, message)


def decode_costs(program, definition, inputs):
    """(input, cost) of each."""
    return zip(inputs, costs([program, definition],
                             [(i.name, i.protocol, i.type, i.bytes.hex()) for i in inputs]))


def load_costs(program, files):
    return costs([program], [(name, str(file)) for name, file, _ in files])
