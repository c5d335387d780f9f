#!/usr/bin/python3
"""Hostile definitions: `rethrift check` gives each its outcome, in bounded time and space.

    idl.py RETHRIFT idl.jsonl [--no-figures]

The file has a case a line: name, what is wanted ("ok", "ok with warning", "error", or a choice of
them) and the text. Large cases are generated here. Each has a bound of processor time and
of memory; --no-figures is for builds with sanitizers.
"""
import json
import os
import pathlib
import re
import sys
import tempfile

# A second is what is promised; a busy machine may take longer for it.
SECONDS, BYTES = 3.0, 200 << 20
SECRET = 'root:x:0:0:'


def small_cases(path):
    for line in path.read_text(encoding='utf-8').splitlines():
        case = json.loads(line)
        text = bytes.fromhex(case['hex']) if 'hex' in case else case['text'].encode()
        yield case['name'], case['want'], text


def large_cases():
    def lines(form, count):
        return ''.join(form.format(i, i + 1) for i in range(count))

    yield 'structs_100k', 'ok', lines('struct S{0} {{ 1: i32 a }}\n', 100_000)
    yield 'enum_1m', 'ok', 'enum E {\n' + lines('  VALUE_{0} = {0},\n', 1_000_000) + '}\n'
    yield 'list_1m', 'ok', 'const list<i32> L = [' + lines('{0},', 1_000_000) + ']\n'
    yield 'string_10m', 'ok', 'const string S = "' + 'a' * 10_000_000 + '"\n'
    yield 'comment_10m', 'ok', '/** ' + ' * a\n' * 2_000_000 + '*/ struct S {}\n'
    yield 'fields_32767', 'ok', 'struct S {\n' + lines('  {1}: i32 f{0}\n', 32_767) + '}\n'
    yield 'fields_32768', 'error', 'struct S {\n' + lines('  {1}: i32 f{0}\n', 32_768) + '}\n'
    yield 'typedefs_200k', 'ok', lines('typedef T{1} T{0}\n', 200_000) + 'typedef i32 T200000\n'
    yield 'constants_200k', 'ok', lines('const i32 C{0} = C{1}\n', 200_000) + 'const i32 C200000 = 1\n'
    yield 'nested_types_10k', 'error', 'struct S { 1: ' + 'list<' * 10_000 + 'i32' + '>' * 10_000 + ' x }\n'
    yield 'nested_values_10k', 'error', 'const list<i32> C = ' + '[' * 10_000 + ']' * 10_000 + '\n'
    yield 'doubling_types', 'ok', 'typedef map<i32, i32> T0\n' + lines('typedef map<T{0}, T{0}> T{1}\n', 60)
    yield 'doubling_types_used', 'error', ('typedef map<i32, i32> T0\n' +
                                           lines('typedef map<T{0}, T{0}> T{1}\n', 60) +
                                           'struct S { 1: T60 a }\n')
    yield 'doubling_values', 'error', ('struct L { 1: L l, 2: L r }\nconst L C0 = {}\n' +
                                       lines('const L C{1} = {{"l": C{0}, "r": C{0}}}\n', 60))
    yield 'extends_100k', 'error', 'service S0 {}\n' + lines('service S{1} extends S{0} {{}}\n', 100_000)
    yield 'unknown_100k', 'error', lines('struct S{0} {{ 1: Nobody{0} n }}\n', 100_000)
    yield 'same_name_100k', 'error', 'struct S {}\n' * 100_000
    yield 'open_comment_10m', 'error', '/*' + 'a' * 10_000_000
    yield 'open_braces_100k', 'error', 'struct S {\n' * 100_000
    yield 'open_annotations_100k', 'error', '@a{' * 100_000
    yield 'semicolons_10m', 'ok', ';' * 10_000_000


def write_neighbours(folder):
    """Files that the small cases include, and a diamond of includes 26 levels deep."""
    os.mkfifo(folder / 'fifo')
    (folder / 'inc_a.thrift').write_text('include "inc_b.thrift"\nstruct A { 1: i32 x }\n')
    for level in range(27):
        for side in 'xy':
            includes = ''.join(f'include "{other}{level + 1}.thrift"\n' for other in 'xy'
                               if level < 26)
            (folder / f'{side}{level}.thrift').write_text(f'{includes}struct {side}{level} {{}}\n')


def run(tool, path):
    """Exit status, output, processor seconds, largest size in bytes."""
    with tempfile.TemporaryFile() as output:
        child = os.fork()
        if child == 0:
            os.chdir(path.parent)
            os.dup2(output.fileno(), 1)
            os.dup2(output.fileno(), 2)
            os.execv(tool, [tool, 'check', path.name])
        _, status, usage = os.wait4(child, 0)
        output.seek(0)
        text = output.read().decode('utf-8', 'replace')
    return (os.waitstatus_to_exitcode(status), text, usage.ru_utime + usage.ru_stime,
            usage.ru_maxrss * 1024)


def complaint(want, status, text):
    """What is wrong with an outcome, or None."""
    head = want.split(':')[0].split('(')[0]
    allowed = {3 if word.startswith('error') else 0 for word in re.split(r' or |, ', head)
               if word.split()[0] in ('error', 'ok', 'warning', 'inf', 'documented', 'bytes')}
    if status not in allowed:
        return f'exit status {status}'
    if 'with warning' in want and ': warning: ' not in text:
        return 'no warning'
    if status == 3 and not re.search(r':\d+:\d+: error: ', text):
        return 'no position'
    if SECRET in text:
        return 'bytes of another file are quoted'
    return None


def main(arguments):
    tool, figures = os.path.abspath(arguments[0]), '--no-figures' not in arguments
    passed = failed = 0
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        write_neighbours(folder)
        cases = [*small_cases(pathlib.Path(arguments[1])), *large_cases(),
                 ('diamond_26', 'ok', (folder / 'x0.thrift').read_text())]
        for case, want, text in cases:
            path = folder / f'{case}.thrift'
            path.write_bytes(text if isinstance(text, bytes) else text.encode())
            status, output, seconds, size = run(tool, path)
            wrong = complaint(want, status, output)
            if wrong is None and figures and (seconds > SECONDS or size > BYTES):
                wrong = f'{seconds:.2f} s, {size >> 20} MB'
            passed, failed = passed + (wrong is None), failed + (wrong is not None)
            if wrong is not None:
                print(f'{case}: wanted {want}; {wrong}\n{output[:400]}')
            path.unlink()
    print(f'{passed} passed, {failed} failed')
    return failed > 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
