#!/usr/bin/python3
"""Every C and C++ file is as clang-format 14 writes it.

Usage: check_format.py ROOT CLANG_FORMAT PART

A part is one of PARTS: together they are the whole tree, each is done in less than a second.
"""
import concurrent.futures
import os
import re
import subprocess
import sys

import lint

VERSION = 14
WHERE = ['examples', 'include', 'src', 'tests', 'tools']
PARTS = {
    'base': r'src/base/',
    'schema': r'src/schema/',
    'wire-value': r'src/(wire|value)/',
    'codec': r'src/codec/',
    'transport-native': r'src/(transport|native)/',
    'rpc': r'src/',
    'unit-base-schema': r'tests/unit/(base|schema)/',
    'unit-wire': r'tests/unit/wire/',
    'unit-value': r'tests/unit/value/',
    'unit-codec': r'tests/unit/codec/',
    'unit-native-transport': r'tests/unit/(native|transport)/',
    'unit-rpc': r'tests/unit/',
    'tests': r'tests/',
    'programs': r'',
}


def version_of(program):
    text = subprocess.run([program, '--version'], capture_output=True, text=True).stdout
    words = text.split('version ')
    return int(words[1].split('.')[0]) if len(words) > 1 else 0


def part_of(path):
    """The first part that takes it."""
    return next(name for name, pattern in PARTS.items() if re.match(pattern, path))


def check(root, program, part):
    paths = [str(path) for path in lint.files(root, WHERE) if part_of(str(path)) == part]

    def ask(some):
        return subprocess.run([program, '--dry-run', '-Werror', *some], cwd=root,
                              capture_output=True, text=True).stderr
    workers = os.cpu_count() or 1  # one more costs the time that the program takes to begin
    with concurrent.futures.ThreadPoolExecutor(workers) as pool:
        texts = list(pool.map(ask, [paths[i::workers] for i in range(workers) if paths[i::workers]]))
    findings = []
    for line in '\n'.join(texts).splitlines():
        parts = line.split(':', 3)
        if len(parts) == 4 and 'error' in parts[3] and (parts[0], parts[1]) not in findings:
            findings.append((parts[0], parts[1]))
    return [(path, line, 'not formatted: clang-format -i') for path, line in findings]


if __name__ == '__main__':
    if version_of(sys.argv[2]) != VERSION:
        print(f'clang-format {VERSION} is not installed')
        sys.exit(77)
    lint.run(check, sys.argv[2], sys.argv[3])
