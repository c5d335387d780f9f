#!/usr/bin/python3
"""Sums test results of meson's testlog.json files: prints "passed failed skipped".

A Check program counts as many tests as it ran; everything else counts as one. Failed and skipped
programs are named on stderr.
"""
import json
import re
import sys

GOOD = ('OK', 'EXPECTEDFAIL')


def count(entry):
    """(passed, failed, skipped) of one test program."""
    if entry['result'] == 'SKIP':
        return 0, 0, 1
    checks = re.findall(r'Checks: (\d+), Failures: (\d+), Errors: (\d+)', entry.get('stdout') or '')
    failed = sum(int(f) + int(e) for _, f, e in checks)
    passed = sum(int(n) for n, _, _ in checks) - failed
    if entry['result'] in GOOD:
        return max(passed, 1), 0, 0
    return passed, max(failed, 1), 0


def main(logs):
    sums = [0, 0, 0]
    for log in logs:
        for line in open(log, encoding='utf-8'):
            entry = json.loads(line)
            result = count(entry)
            sums = [a + b for a, b in zip(sums, result)]
            if entry['result'] not in GOOD:
                print(f"{entry['result'].lower()}: {entry['name']}", file=sys.stderr)
    print(*sums)


if __name__ == '__main__':
    main(sys.argv[1:])
