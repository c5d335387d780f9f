#!/usr/bin/python3
"""Golden runs of the command: what goes to stdout, what to stderr, the exit status.

    commands.py RETHRIFT commands/ [--update]

Each directory is one run: command (the arguments, as a shell would split them), its input files,
expected. What several of them read stands in inputs/, to which they have links. --update writes
`expected` anew; read the difference before committing it. A help text is
at most 80 columns wide.
"""
import pathlib
import shlex
import subprocess
import sys


def run(tool, case):
    arguments = shlex.split((case / 'command').read_text(encoding='utf-8'))
    done = subprocess.run([tool] + arguments, cwd=case, capture_output=True, timeout=20,
                          stdin=subprocess.DEVNULL, check=False)
    parts = [part.decode('utf-8', 'backslashreplace') for part in (done.stdout, done.stderr)]
    return f'{parts[0]}--- stderr\n{parts[1]}--- exit status {done.returncode}\n'


def check(tool, case, update):
    got, expected = run(tool, case), case / 'expected'
    if update:
        expected.write_text(got, encoding='utf-8')
    before = expected.read_text(encoding='utf-8') if expected.is_file() else ''
    if before != got:
        return f'{case.name}: expected\n{before}got\n{got}'
    wide = [line for line in got.splitlines() if len(line) > 80 and 'help' in case.name]
    return f'{case.name}: wider than 80 columns: {wide[0]}' if wide else None


def main(arguments):
    tool, folder = pathlib.Path(arguments[0]).resolve(), pathlib.Path(arguments[1])
    cases = sorted(path.parent for path in folder.glob('*/command'))
    failed = [complaint for complaint in
              (check(tool, case, '--update' in arguments) for case in cases) if complaint]
    print('\n'.join(failed + [f'{len(cases) - len(failed)} passed, {len(failed)} failed']))
    return len(failed) > 0 or not cases


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
