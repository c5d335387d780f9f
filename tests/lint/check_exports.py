#!/usr/bin/python3
"""Headers, version script and library name the same symbols, and none is libthrift_c_glib's.

Usage: check_exports.py ROOT NM LIBRARY
"""
import re
import subprocess
import sys

import lint

FOREIGN = 'tests/lint/c_glib.txt'


def without_macros(text):
    return re.sub(r'^[ \t]*#[ \t]*define\b(?:[^\n]*\\\n)*[^\n]*', lint.blank, text, flags=re.M)


def declared(root):
    """Functions declared THRIFT_API, with their place."""
    found = {}
    pattern = re.compile(r'THRIFT_API\b[^;{()]*?\b(\w+)\s*\(')
    for path in lint.files(root, ['include']):
        text = without_macros(lint.code_only((root / path).read_text()))
        for match in pattern.finditer(text):
            found[match.group(1)] = (path, lint.line_of(text, match.start(1)))
    return found


def identifiers(root):
    """Every name of ours in the public headers: functions, types, macros, enumerators."""
    found = {}
    for path in lint.files(root, ['include']):
        text = lint.code_only((root / path).read_text())
        for match in re.finditer(r'\b(?:thrift|THRIFT)_\w+', text):
            found.setdefault(match.group(0), (path, lint.line_of(text, match.start())))
    return found


def scripted(root):
    text = (root / 'src/rethrift.sym').read_text()
    return re.findall(r'^\s+(thrift_\w+);', text, re.M)


def exported(nm, library):
    text = subprocess.run([nm, '-D', '--defined-only', library], check=True, capture_output=True,
                          text=True).stdout
    names = {line.split()[-1].split('@')[0] for line in text.splitlines() if line}
    return {name for name in names if not re.match(r'RETHRIFT_\d|_init$|_fini$|__', name)}


def check(root, nm, library):
    headers, script, binary = declared(root), scripted(root), exported(nm, library)
    findings = []
    for name, (path, line) in sorted(headers.items()):
        if name not in script:
            findings.append((path, line, f'{name} is missing in src/rethrift.sym'))
        elif name not in binary:
            findings.append((path, line, f'{name} is declared and not defined'))
    for name in script:
        if name not in headers:
            findings.append(('src/rethrift.sym', 1, f'{name} is in no header'))
    for name in sorted(binary - set(script)):
        findings.append(('src/rethrift.sym', 1, f'{name} is exported and not listed'))
    if script != sorted(set(script)):
        wrong = next(a for a, b in zip(script, sorted(set(script)) + ['']) if a != b)
        findings.append(('src/rethrift.sym', 1, f'not sorted, or twice: {wrong}'))
    foreign = set((root / FOREIGN).read_text().split())
    for name, (path, line) in sorted(identifiers(root).items()):
        if name in foreign:
            findings.append((path, line, f'{name} is also a name of libthrift_c_glib'))
    return findings


if __name__ == '__main__':
    lint.run(check, sys.argv[2], sys.argv[3])
