#!/usr/bin/python3
"""`rethrift encode`, `convert` and `decode` on a document of many megabytes, and on streams.

    transcode.py RETHRIFT [--size MEGABYTES]

The document goes from JSON through every protocol and back, by files and by pipes: the bytes of
each protocol are the same whichever way they were made. Messages go from one protocol to another
and back, in frames and without. Streams are read in every form, take memory for one value, and are
written as they come.
"""
import base64
import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile

DEFINITION = """
enum Colour { RED = 1, GREEN = 2 }
struct Point { 1: required double x, 2: double y, 3: optional string label }
union Shape { 1: Point point, 2: list<Point> line, 3: i64 number }
struct Document {
  1: required string title
  2: list<Shape> shapes
  3: map<string, list<i64>> numbers
  4: optional binary picture
  5: map<i32, bool> flags
  6: set<Colour> colours
  7: list<bool> bits
}
service Documents { Document get(1: string title), oneway void forget(1: Document it) }
"""
PROTOCOLS = ['binary', 'compact', 'tjson', 'json']
BETWEEN = [('binary', 'compact'), ('compact', 'tjson'), ('tjson', 'json'), ('json', 'compact'),
           ('compact', 'binary'), ('binary', 'tjson'), ('tjson', 'binary'), ('binary', 'json')]


def document(megabytes):
    chance = random.Random(3)

    def point(i):
        made = {'x': chance.uniform(-1e9, 1e9), 'y': i / 3}
        return made | ({'label': f'p{i} \u00e9\u4e2d "quoted" \\ \n'} if i % 3 else {})

    def shape(i):
        return {0: {'point': point(i)}, 1: {'line': [point(i), point(i + 1)]},
                2: {'number': chance.randrange(-2 ** 63, 2 ** 63)}}[i % 3]

    return {'title': 'all of it', 'shapes': [shape(i) for i in range(11_000 * megabytes)],
            'numbers': {f'k{i}': [chance.randrange(-2 ** 63, 2 ** 63) for _ in range(8)]
                        for i in range(1_000 * megabytes)},
            'picture': 'AAEC/w==', 'flags': {str(i): i % 2 == 0 for i in range(1_000)},
            'colours': ['GREEN', 'RED'], 'bits': [i % 5 == 0 for i in range(1_001)]}


class Tool:
    def __init__(self, tool, folder):
        self.tool, self.folder = tool, folder

    def __call__(self, *arguments, data=b''):
        done = subprocess.run([self.tool, *arguments], cwd=self.folder, input=data,
                              capture_output=True, timeout=300, check=False)
        if done.returncode != 0:
            raise AssertionError(f'{arguments}: exit status {done.returncode}: '
                                 f'{done.stderr.decode()[:500]}')
        return done.stdout


def convert_document(run, megabytes):
    folder = run.folder
    (folder / 'document.source').write_text(json.dumps(document(megabytes)), encoding='utf-8')
    for to in PROTOCOLS:
        run('convert', '--from', 'json', '--to', to, '--one-line', '-o', f'document.{to}', 'd.thrift',
            'Document', 'document.source')
    made = {to: (folder / f'document.{to}').read_bytes() for to in PROTOCOLS}
    assert len(made['json']) > megabytes * 900_000, len(made['json'])
    assert json.loads(made['json']) == document(megabytes)
    for origin, to in BETWEEN:
        got = run('convert', '--from', origin, '--to', to, '--one-line', 'd.thrift', 'Document',
                  data=made[origin])
        assert got == made[to], f'{origin} to {to} differs'
    for origin, to in [('binary', 'compact'), ('compact', 'binary')]:
        got = run('convert', '--no-definition', '--from', origin, '--to', to, data=made[origin])
        assert got == made[to], f'{origin} to {to} without a definition differs'
    pretty = run('decode', 'd.thrift', 'Document', data=made['binary'])
    assert run('encode', 'd.thrift', 'Document', data=pretty) == made['binary']
    assert b'2: list <struct>' in run('decode', '--no-definition', data=made['compact'])


def convert_streams(run):
    lines = b''.join(json.dumps({'x': i / 7, 'y': 1.0}).encode() + b'\n' for i in range(1_000))
    for frames in ([], ['--framed']):
        for to in ('binary', 'compact'):
            coded = run('encode', '--stream', *frames, '--to', to, 'd.thrift', 'Point', data=lines)
            text = run('decode', '--stream', *frames, '--from', to, 'd.thrift', 'Point', data=coded)
            assert [json.loads(line) for line in text.splitlines()] == \
                [json.loads(line) for line in lines.splitlines()]
        tjson = run('convert', '--stream', *frames, '--from', 'compact', '--to', 'tjson', 'd.thrift',
                    'Point', data=coded)
        assert run('convert', '--stream', *frames, '--from', 'tjson', '--to', 'compact', 'd.thrift',
                   'Point', data=tjson) == coded


def convert_messages(run):
    start = b''.join(calls(run, 100))
    for frames in ([], ['--framed']):
        made = start
        for to in ('compact', 'tjson', 'binary'):
            if to == 'tjson' and not frames:
                continue
            made = run('convert', '--messages', *frames, '--to', to, 'd.thrift', data=made)
        assert run('convert', '--messages', '--to', 'binary', 'd.thrift', data=made) == start
        text = run('decode', '--messages', 'd.thrift', data=made).splitlines()
        assert [json.loads(line)['sequence_id'] for line in text] == list(range(100))
        assert run('decode', '--no-definition', data=made).count(b'call "get"') == 100


def calls(run, count):
    body = run('encode', 'd.thrift', 'Documents.get args', data=b'{"title": "t"}')
    return [b'\x80\x01\x00\x01\x00\x00\x00\x03get' + i.to_bytes(4, 'big') + body
            for i in range(count)]


def framed(values):
    return b''.join(len(value).to_bytes(4, 'big') + value for value in values)


def in_form(form, data):
    text = {'raw': data, 'hex': data.hex(' ', 7).encode(), 'base64': base64.encodebytes(data)}
    return text[form]


def read_streams_in_every_form(run):
    point = run('encode', 'd.thrift', 'Point', data=b'{"x": 0.5, "label": "p"}')
    points, messages = [point] * 50, calls(run, 50)
    kinds = [(b''.join(points), ['--stream'], ['d.thrift', 'Point'], b'"p"'),
             (framed(points), ['--stream', '--framed'], ['d.thrift', 'Point'], b'"p"'),
             (framed(points), ['--framed', '--from', 'binary', '--no-definition'], [], b'"p"'),
             (b''.join(messages), ['--messages'], ['d.thrift'], b'"get"'),
             (framed(messages), ['--messages'], ['d.thrift'], b'"get"'),
             (b''.join(messages), ['--no-definition'], [], b'"get"')]
    for data, options, words, seen in kinds:
        wanted = run('decode', *options, *words, data=data)
        assert wanted.count(seen) == 50, (options, wanted[:300])
        for form in ('raw', 'hex', 'base64'):
            text = in_form(form, data)
            (run.folder / 'stream').write_bytes(text)
            by_file = run('decode', '--in', form, *options, *words, 'stream')
            by_pipe = run('decode', '--in', form, *options, *words, data=text)
            assert by_file == by_pipe == wanted, (form, options)
            if words:
                out = run('convert', '--in', form, '--out', form, '--from', 'binary', '--to',
                          'binary', *options, *words, 'stream')
                again = run('decode', '--in', form, *options, *words, data=out)
                assert again == wanted, (form, options)
    (run.folder / 'stream').write_bytes(framed(points))
    run('convert', '--stream', '--framed', '--from', 'binary', '--to', 'compact', '-o', 'stream',
        'd.thrift', 'Point', 'stream')
    assert run('decode', '--stream', '--framed', '--from', 'compact', 'd.thrift', 'Point',
               'stream').count(b'"p"') == 50


def in_pieces(run, arguments, data, sizes):
    """What is written when the input comes so; each piece is flushed."""
    with subprocess.Popen([run.tool, *arguments], cwd=run.folder, stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE, bufsize=0) as program:
        at = 0
        while at < len(data):
            size = next(sizes)
            program.stdin.write(data[at:at + size])
            at += size
        program.stdin.close()
        written = program.stdout.read()
        assert program.wait(timeout=60) == 0, arguments
    return written


def streams_come_in_any_pieces(run):
    """Among small messages one that is larger than any buffer; cut by bytes and by chance."""
    body = run('encode', 'd.thrift', 'Documents.get args',
               data=json.dumps({'title': 't' * 300_000}).encode())
    large = b'\x80\x01\x00\x01\x00\x00\x00\x03get\x00\x00\x00\x07' + body
    chance = random.Random(5)
    for messages, sizes in [(calls(run, 20), lambda: 1),
                            ([*calls(run, 20), large, *calls(run, 20)],
                             lambda: chance.randrange(1, 9_000))]:
        for data in (b''.join(messages), framed(messages)):
            wanted = run('decode', '--messages', 'd.thrift', data=data)
            assert wanted.count(b'"get"') == len(messages)
            for form in ('raw', 'hex', 'base64'):
                got = in_pieces(run, ['decode', '--messages', '--in', form, 'd.thrift'],
                                in_form(form, data), iter(sizes, None))
                assert got == wanted, (form, len(got), len(wanted))
    lines = b'{"x": 0.5, "label": "}\\\\\\"{"}\n{"x": 1, "label": "[\\\\"} ' * 20
    wanted = run('encode', '--stream', 'd.thrift', 'Point', data=lines)
    assert in_pieces(run, ['encode', '--stream', 'd.thrift', 'Point'], lines,
                     iter(lambda: 1, None)) == wanted


def most_memory(run, arguments, data):
    """Bytes, by the largest part that was in memory."""
    with subprocess.Popen([run.tool, *arguments], cwd=run.folder, stdin=subprocess.PIPE,
                          stdout=subprocess.DEVNULL) as program:
        program.stdin.write(data)
        program.stdin.close()
        _, status, usage = os.wait4(program.pid, 0)
        program.returncode = os.waitstatus_to_exitcode(status)
    assert program.returncode == 0, arguments
    return usage.ru_maxrss * 1024


def streams_take_memory_for_one(run, megabytes):
    count = megabytes * 40_000
    line, argument = b'{"x": 0.5, "label": "p"}\n', b'{"it": {"title": "t"}}\n'
    point = run('encode', 'd.thrift', 'Point', data=line)
    for arguments, one in [
            (['convert', '--messages', '--to', 'compact', 'd.thrift'], calls(run, 1)[0]),
            (['decode', '--no-definition'], calls(run, 1)[0]),
            (['encode', '--stream', 'd.thrift', 'Point'], line),
            (['encode', '--stream', '--call', 'Documents.forget', 'd.thrift'], argument),
            (['convert', '--stream', '--from', 'binary', '--to', 'tjson', 'd.thrift', 'Point'],
             point)]:
        few, many = most_memory(run, arguments, one), most_memory(run, arguments, one * count)
        assert many < few + 2_000_000, (arguments, few, many)


def streams_are_written_as_they_come(run):
    with subprocess.Popen([run.tool, 'decode', '--messages', 'd.thrift'], cwd=run.folder,
                          stdin=subprocess.PIPE, stdout=subprocess.PIPE) as program:
        for i, message in enumerate(calls(run, 3)):
            for part in (message[:9], message[9:]):
                program.stdin.write(part)
                program.stdin.flush()
            assert json.loads(program.stdout.readline())['sequence_id'] == i
        program.stdin.close()
        assert program.wait(timeout=60) == 0


def main(arguments):
    tool = pathlib.Path(arguments[0]).resolve()
    megabytes = int(arguments[2]) if len(arguments) > 2 else 10
    with tempfile.TemporaryDirectory() as folder:
        run = Tool(tool, pathlib.Path(folder))
        (run.folder / 'd.thrift').write_text(DEFINITION, encoding='utf-8')
        convert_document(run, megabytes)
        convert_streams(run)
        convert_messages(run)
        read_streams_in_every_form(run)
        if megabytes >= 10:  # a sanitizer keeps what is freed
            streams_take_memory_for_one(run, megabytes)
        streams_are_written_as_they_come(run)
        streams_come_in_any_pieces(run)
    print('7 passed, 0 failed')


if __name__ == '__main__':
    main(sys.argv[1:])
