#!/usr/bin/python3
"""Every public header compiles alone, and twice, under strict warnings.

Usage: check_headers.py ROOT c11|c++17 PART PARTS COMPILER...

Every PARTS-th header from the PART-th on: all are done in parts of less than a second.
"""
import subprocess
import sys

import lint

WARNINGS = ['-Wall', '-Wextra', '-Wpedantic', '-Wconversion', '-Wsign-conversion', '-Wshadow',
            '-Wcast-qual', '-Werror']


def check(root, standard, part, parts, compiler):
    language = 'c++' if '++' in standard else 'c'
    # clang: C11's empty variadic macro arguments are understood by every compiler we support.
    command = compiler + [f'-std={standard}', '-x', language, '-fsyntax-only', '-I',
                          str(root / 'include'), *WARNINGS,
                          '-Wno-gnu-zero-variadic-macro-arguments', '-']
    running = []
    for path in list(lint.files(root, ['include'], ('.h',)))[part - 1::parts]:
        name = path.relative_to('include')
        text = f'#include <{name}>\n#include <{name}>\nint unused_;\n'
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE,
                                   text=True)
        process.stdin.write(text)
        process.stdin.close()
        running.append((path, process))
    findings = []
    for path, process in running:
        with process.stderr:
            message = process.stderr.read()
        if process.wait() != 0:
            findings.append((path, 1, f'does not compile alone as {standard}\n{message}'))
    return findings


if __name__ == '__main__':
    lint.run(check, sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), sys.argv[5:])
