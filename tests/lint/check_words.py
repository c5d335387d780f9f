#!/usr/bin/python3
"""Unfinished work belongs into the tracker, not into the source."""
import re

import lint

WORDS = re.compile(r'\b(' + '|'.join(['TO' + 'DO', 'FIX' + 'ME', 'X' 'XX', 'HA' 'CK', 'TB' 'D',
                                      'WI' 'P']) + r')\b')
SUFFIXES = (*lint.CODE, '.py', '.sh', '.md', '.build', '.thrift', '.scd', '')


def check(root):
    findings = []
    for path in lint.files(root, ['src', 'include', 'tools', 'examples', 'tests', 'docs', 'idl'],
                           SUFFIXES):
        if path.suffix == '' and path.parts[0] != 'tools':
            continue
        for number, line in enumerate((root / path).read_text(errors='replace').splitlines(), 1):
            match = WORDS.search(line)
            if match:
                findings.append((path, number, f'"{match.group(1)}": finish it, or file an issue'))
    return findings


if __name__ == '__main__':
    lint.run(check)
