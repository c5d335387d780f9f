#!/usr/bin/python3
"""`rethrift encode`, `convert` and `decode` on a document of many megabytes, and on streams.

    transcode.py RETHRIFT [--size MEGABYTES]

The document goes from JSON through every protocol and back, by files and by pipes: the bytes of
each protocol are the same whichever way they were made. Messages go from one protocol to another
and back, in frames and without.
"""
import json
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
    for framed in ([], ['--framed']):
        for to in ('binary', 'compact'):
            coded = run('encode', '--stream', *framed, '--to', to, 'd.thrift', 'Point', data=lines)
            text = run('decode', '--stream', *framed, '--from', to, 'd.thrift', 'Point', data=coded)
            assert [json.loads(line) for line in text.splitlines()] == \
                [json.loads(line) for line in lines.splitlines()]
        tjson = run('convert', '--stream', *framed, '--from', 'compact', '--to', 'tjson', 'd.thrift',
                    'Point', data=coded)
        assert run('convert', '--stream', *framed, '--from', 'tjson', '--to', 'compact', 'd.thrift',
                   'Point', data=tjson) == coded


def convert_messages(run):
    body = run('encode', 'd.thrift', 'Documents.get args', data=b'{"title": "t"}')
    calls = b''.join(b'\x80\x01\x00\x01\x00\x00\x00\x03get' + i.to_bytes(4, 'big') + body
                     for i in range(100))
    for framed in ([], ['--framed']):
        made = calls
        for to in ('compact', 'tjson', 'binary'):
            if to == 'tjson' and not framed:
                continue
            made = run('convert', '--messages', *framed, '--to', to, 'd.thrift', data=made)
        assert run('convert', '--messages', '--to', 'binary', 'd.thrift', data=made) == calls
        text = run('decode', '--messages', 'd.thrift', data=made).splitlines()
        assert [json.loads(line)['sequence_id'] for line in text] == list(range(100))
        assert run('decode', '--no-definition', data=made).count(b'call "get"') == 100


def main(arguments):
    tool = pathlib.Path(arguments[0]).resolve()
    megabytes = int(arguments[2]) if len(arguments) > 2 else 10
    with tempfile.TemporaryDirectory() as folder:
        run = Tool(tool, pathlib.Path(folder))
        (run.folder / 'd.thrift').write_text(DEFINITION, encoding='utf-8')
        convert_document(run, megabytes)
        convert_streams(run)
        convert_messages(run)
    print('3 passed, 0 failed')


if __name__ == '__main__':
    main(sys.argv[1:])
