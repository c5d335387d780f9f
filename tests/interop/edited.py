#!/usr/bin/python3
"""Apache's Python library reads messages that were edited in place: edited.py EDIT RETHRIFT VECTORS GENERATED

A call is written by Python, its argument edited by path without decoding, and read by Python: it is
the value that Python makes of the same edits. Binary, compact and TJSON; by the program edit.c, and by
`rethrift convert --set`.
"""
import importlib
import pathlib
import subprocess
import sys

from thrift.Thrift import TMessageType
from thrift.protocol import TBinaryProtocol, TCompactProtocol, TJSONProtocol
from thrift.transport import TTransport

PROTOCOLS = {'binary': TBinaryProtocol.TBinaryProtocolFactory(strictRead=True, strictWrite=True),
             'compact': TCompactProtocol.TCompactProtocolFactory(),
             'tjson': TJSONProtocol.TJSONProtocolFactory()}


def put(target, name):
    def set_it(every, value):
        holder = every
        for step in target:
            holder = holder[step] if not isinstance(step, str) else getattr(holder, step)
        if isinstance(name, str) and not isinstance(holder, dict):
            setattr(holder, name, value)
        else:
            holder[name] = value
    return set_it


def edits(t):
    """(name, path, what is told, the same in Python)"""
    def remove(target, key):
        return lambda every: getattr(every, target).pop(key)

    def do(setter, value):
        return lambda every: setter(every, value)

    point = t.Point(x=7.5, y=-8.0)
    return [
        ('replace a number', 'medium', 'integer:77', do(put([], 'medium'), 77)),
        ('replace a text by a longer one', 'text', 'text:' + 'n' * 300, do(put([], 'text'), 'n' * 300)),
        ('replace inside a struct', 'point.y', 'real:3.25', do(put(['point'], 'y'), 3.25)),
        ('replace a struct', 'point', 'Point:{"x":7.5,"y":-8}', do(put([], 'point'), point)),
        ('replace in a struct of a list', 'points[1].x', 'real:0.5', do(put(['points', 1], 'x'), 0.5)),
        ('replace an item', 'numbers[3]', 'integer:-1000000', do(put(['numbers'], 3), -1000000)),
        ('replace in a list of lists', 'table[2][0]', 'integer:9', do(put(['table', 2], 0), 9)),
        ('replace in a map', 'counts{"a"}', 'integer:5', do(put(['counts'], 'a'), 5)),
        ('insert an entry', 'counts{"new"}', 'integer:6', do(put(['counts'], 'new'), 6)),
        ('insert at the end', 'numbers[10]', 'integer:4', lambda every: every.numbers.append(4)),
        ('insert a field', 'farther', 'integer:12', do(put([], 'farther'), 12)),
        ('delete a field', 'far', 'remove', do(put([], 'far'), None)),
        ('delete a bool', 'no', 'remove', do(put([], 'no'), None)),
        ('delete an item', 'numbers[0]', 'remove', remove('numbers', 0)),
        ('delete a struct of a list', 'points[0]', 'remove', remove('points', 0)),
        ('delete an entry', 'names{7}', 'remove', remove('names', 7)),
    ]


def call(factory, args):
    """What stands before the argument's bytes, these, and what stands behind them."""
    buffer = TTransport.TMemoryBuffer()
    protocol = factory.getProtocol(buffer)
    protocol.writeMessageBegin('echo', TMessageType.CALL, 7)
    head = buffer.getvalue()
    args.write(protocol)
    protocol.writeMessageEnd()
    body = buffer.getvalue()[len(head):]
    if isinstance(protocol, TJSONProtocol.TJSONProtocol):
        return head + body[:1], body[1:-1], body[-1:]
    return head, body, b''


def read(factory, data, service):
    protocol = factory.getProtocol(TTransport.TMemoryBuffer(data))
    name, kind, sequence = protocol.readMessageBegin()
    assert (name, kind, sequence) == ('echo', TMessageType.CALL, 7)
    args = service.echo_args()
    args.read(protocol)
    return args.value


def load(factory, data, t):
    every = t.Every()
    every.read(factory.getProtocol(TTransport.TMemoryBuffer(data)))
    return every


def by_program(edit, definition, protocol, path, told):
    return [edit, definition, 'Vectors.echo args', protocol, 'value.' + path, told]


def by_command(rethrift, definition, protocol, path, told):
    """None: the command has no records as values."""
    kind, _, value = told.partition(':')
    words = {'remove': 'null', 'integer': value, 'real': value, 'text': f'"{value}"'}
    return [rethrift, 'convert', '--from', protocol, '--set', f'value.{path}={words[kind]}',
            definition, 'Vectors.echo args'] if kind in words else None


def main(edit, rethrift, vectors, generated):
    sys.path.insert(0, generated)
    types = importlib.import_module('vectors.ttypes')
    service = importlib.import_module('vectors.Vectors')
    vectors, done, wrong = pathlib.Path(vectors), 0, 0
    definition, plan = vectors / 'vectors.thrift', edits(types)
    for protocol, factory in PROTOCOLS.items():
        data = (vectors / f'Every-full.{protocol}').read_bytes()
        head, body, tail = call(factory, service.echo_args(value=load(factory, data, types)))
        for name, path, told, same in plan:
            wanted = load(factory, data, types)
            same(wanted)
            for command in (by_program(edit, definition, protocol, path, told),
                            by_command(rethrift, definition, protocol, path, told)):
                if command is None:
                    continue
                ran = subprocess.run(command, input=body, capture_output=True, check=False)
                got = read(factory, head + ran.stdout + tail, service) if ran.returncode == 0 \
                    else None
                done += 1
                if got != wanted:
                    wrong += 1
                    print(f'{name} ({protocol}): {ran.stderr.decode()}{got}')
    print(f'{done - wrong} passed, {wrong} failed')
    return wrong > 0


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
