#!/usr/bin/python3
"""What is printed or laid out again means what it meant.

    round_trip.py RETHRIFT [--generated COUNT] FOLDER...

For every valid definition below the folders, and COUNT generated ones: `describe --thrift` in place
of the file gives the same `describe --json` (positions aside) and prints itself; `format` does so,
too, and changes nothing the second time. Also for files that do not load but parse: `format` twice.
"""
import json
import os
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile


# Under sanitizers the search for leaks takes longer than the work; commands.py runs with it.
ENVIRONMENT = dict(os.environ, ASAN_OPTIONS=os.environ.get('ASAN_OPTIONS', '') + ':detect_leaks=0')


def run(tool, *arguments):
    done = subprocess.run([tool, *arguments], capture_output=True, timeout=60, check=False,
                          env=ENVIRONMENT)
    return done.returncode, done.stdout


def meaning(tool, path):
    """The description without positions, and without blanks in comments."""
    def strip(value):
        if isinstance(value, dict):
            return {k: ' '.join(v.replace('*', ' ').split()) if k == 'doc' else strip(v)
                    for k, v in value.items() if k not in ('line', 'column')}
        return [strip(v) for v in value] if isinstance(value, list) else value
    status, text = run(tool, 'describe', '--json', path)
    return strip(json.loads(text)) if status == 0 else None


def check_file(tool, path):
    original, before = path.read_bytes(), meaning(tool, path)
    forms = [('format', ['format', path])]
    if before is not None:
        forms.append(('describe --thrift', ['describe', '--thrift', path]))
    for name, command in forms:
        status, text = run(tool, *command)
        if status != 0:
            if before is not None:
                yield f'{name}: exit status {status}'
            continue
        path.write_bytes(text)
        if meaning(tool, path) != before:
            yield f'{name} changed what the file means'
        elif run(tool, *command)[1] != text:
            yield f'{name} changes its own output'
        path.write_bytes(original)


# ---- generated definitions

class Generator:
    BASE = ['bool', 'i8', 'i16', 'i32', 'i64', 'double', 'string', 'binary', 'uuid']
    BLANKS = [' ', '  ', '\n', '\t', ' // note\n', ' /* note */ ', '\n\n\n', ' # note\n']

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.names = []

    def blank(self):
        return self.random.choice(self.BLANKS) if self.random.random() < 0.3 else ' '

    def type(self, depth=0):
        roll = self.random.random()
        if depth < 3 and roll < 0.25:
            kind = self.random.choice(['list<{}>', 'set<{}>', 'map<{},{}>'])
            return kind.format(self.type(depth + 1), self.type(depth + 1))
        if self.names and roll < 0.5:
            return self.random.choice(self.names)
        return self.random.choice(self.BASE)

    def default(self, kind):
        values = {'bool': 'true', 'i8': '-1', 'i16': '0x1F', 'i32': '+5', 'i64': '9000000000',
                  'double': '1e-3', 'string': "'it\"s'", 'binary': '"a\\n"', 'list<i32>': '[1,2 3]',
                  'map<string,i32>': '{"a":1;"b":2}'}
        return f'{self.blank()}={self.blank()}{values[kind]}' \
            if kind in values and self.random.random() < 0.5 else ''

    def doc(self):
        return '/** About\n  *   it.\n */\n' if self.random.random() < 0.2 else ''

    def notes(self):
        return self.random.choice([' (a = "b", c)', '(d="e\\"f")']) if self.random.random() < 0.2 else ''

    def fields(self, ids, words):
        parts, number = [], 0
        for i in range(self.random.randrange(6)):
            number += self.random.randrange(1, 4)
            kind = self.type()
            parts.append(f'{self.doc()}{str(number) + ":" if ids else ""}{self.blank()}'
                         f'{self.random.choice(words)}{self.blank()}{kind}{self.blank()}f{i}'
                         f'{self.default(kind)}{self.notes()}{self.random.choice([",", ";", " "])}')
        return self.blank().join(parts)

    def definition(self, i):
        kind = self.random.choice(['struct', 'union', 'exception', 'enum', 'typedef', 'service'])
        name = f'{kind.capitalize()}{i}'
        if kind == 'enum':
            body = self.blank().join(f'V{j}{self.random.choice(["", f" = {j * 3}"])},'
                                     for j in range(1, self.random.randrange(2, 6)))
            text = f'enum {name}{self.blank()}{{{self.blank()}{body}{self.blank()}}}{self.notes()}'
        elif kind == 'typedef':
            text = f'typedef {self.type()}{self.blank()}{name}{self.notes()}'
        elif kind == 'service':
            methods = self.blank().join(
                f'{self.doc()}{self.random.choice(["void", self.type()])} m{j}'
                f'({self.fields(True, [""])}){self.notes()},' for j in range(self.random.randrange(4)))
            return f'{self.doc()}service {name}{self.blank()}{{{self.blank()}{methods}\n}}\n'
        else:
            words = [''] if kind == 'union' else ['', 'optional', 'required']
            ids = self.random.random() < 0.8
            text = f'{kind} {name}{self.blank()}{{{self.blank()}{self.fields(ids, words)}\n}}{self.notes()}'
        result = f'{self.doc()}{text}\n'
        if kind != 'exception':
            self.names.append(name)
        return result

    def file(self):
        return ''.join(self.definition(i) for i in range(self.random.randrange(1, 15)))


def main(arguments):
    tool, rest, generated = str(pathlib.Path(arguments[0]).resolve()), arguments[1:], 0
    if '--generated' in rest:
        at = rest.index('--generated')
        generated = int(rest[at + 1])
        del rest[at:at + 2]
    checked = failed = 0
    with tempfile.TemporaryDirectory() as scratch:
        scratch = pathlib.Path(scratch)
        for i, folder in enumerate(rest):
            shutil.copytree(folder, scratch / str(i))
        for seed in range(generated):
            (scratch / f'generated-{seed}.thrift').write_text(Generator(seed).file(), encoding='utf-8')
        for path in sorted(scratch.rglob('*.thrift')):
            complaints = list(check_file(tool, path))
            checked += 1
            failed += bool(complaints)
            for complaint in complaints:
                print(f'{path.relative_to(scratch)}: {complaint}')
    print(f'{checked - failed} passed, {failed} failed')
    return failed > 0 or checked == 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
