#!/usr/bin/python3
"""Golden comparisons: what `rethrift diff` says about each edit, beside the Apache compiler's audit.

    diff.py RETHRIFT diff/ [--update] [--thrift THRIFT] [--page rules.md]

Each directory is one edit: old.thrift, new.thrift (and files that they include), expected (what the
command prints, and its exit status in the last line). --update writes `expected` anew; read the
difference before committing it. With --thrift every edit that `thrift --audit` objects to must
have exit status 3, but for those that leave the wire as it is; those must have a finding. With
--page the manual's page of rules must list the rules that the command lists.
"""
import pathlib
import re
import subprocess
import sys

# The audit compares spellings; on the wire these edits change nothing, and no handler notices.
HARMLESS = {'extends-inserted', 'field-enum-to-i32', 'field-through-typedef',
            'method-moved-to-parent', 'moved-to-include', 'struct-to-exception'}


def run(command, case):
    done = subprocess.run(command, cwd=case, capture_output=True, timeout=20, check=False)
    return done.returncode, (done.stdout + done.stderr).decode('utf-8', 'backslashreplace')


def check_expected(tool, case, update):
    status, text = run([tool, 'diff', '--verbose', 'old.thrift', 'new.thrift'], case)
    got, expected = f'{text}exit status {status}\n', case / 'expected'
    if update:
        expected.write_text(got, encoding='utf-8')
    before = expected.read_text(encoding='utf-8') if expected.is_file() else ''
    return None if before == got else f'{case.name}: expected\n{before}got\n{got}'


def check_audit(tool, thrift, case):
    audit, said = run([thrift, '--audit', 'old.thrift', 'new.thrift'], case)
    status, text = run([tool, 'diff', '--verbose', 'old.thrift', 'new.thrift'], case)
    if audit != 2 or status == 3:
        return None
    if case.name in HARMLESS and '[' in text:
        return None
    return f'{case.name}: the audit objects, diff does not: {said}'


def check_page(tool, page):
    listed = [line for line in run([tool, 'diff', '--rules'], '.')[1].splitlines()
              if not line.startswith(' ')]
    written = re.findall(r'^\| `([a-z-]+)` \|', pathlib.Path(page).read_text(encoding='utf-8'), re.M)
    return None if listed == written else f'{page}: {sorted(set(listed) ^ set(written))}'


def main(arguments):
    def option(name):
        return arguments[arguments.index(name) + 1] if name in arguments else None
    tool, folder = pathlib.Path(arguments[0]).resolve(), pathlib.Path(arguments[1])
    thrift, page = option('--thrift'), option('--page')
    cases = sorted(path.parent for path in folder.glob('*/old.thrift'))
    complaints = [check_expected(tool, case, '--update' in arguments) for case in cases]
    if thrift:
        complaints += [check_audit(tool, thrift, case) for case in cases]
    if page:
        complaints.append(check_page(tool, page))
    failed = [complaint for complaint in complaints if complaint]
    print('\n'.join(failed + [f'{len(complaints) - len(failed)} passed, {len(failed)} failed']))
    return len(failed) > 0 or not cases


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
