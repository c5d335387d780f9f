#!/usr/bin/python3
"""Golden diagnostics: what `rethrift check` says about each defect.

    idl.py RETHRIFT idl/ [--update]

Each directory is one defect: input.thrift (and files that it includes), arguments (further ones, if
there are any), expected (what the command prints, and its exit status in the last line). --update writes `expected` anew; read the difference
before committing it.
"""
import pathlib
import subprocess
import sys


def run(tool, case):
    options = case / 'arguments'
    arguments = options.read_text(encoding='utf-8').split() if options.is_file() else []
    done = subprocess.run([tool, 'check', *arguments, 'input.thrift'], cwd=case, capture_output=True,
                          timeout=20, check=False)
    text = (done.stdout + done.stderr).decode('utf-8', 'backslashreplace')
    return f'{text}exit status {done.returncode}\n'


def main(arguments):
    tool, folder = pathlib.Path(arguments[0]).resolve(), pathlib.Path(arguments[1])
    update = '--update' in arguments
    failed = 0
    cases = sorted(path.parent for path in folder.glob('*/input.thrift'))
    for case in cases:
        got, expected = run(tool, case), case / 'expected'
        if update:
            expected.write_text(got, encoding='utf-8')
        elif not expected.is_file() or expected.read_text(encoding='utf-8') != got:
            failed += 1
            print(f'{case.name}: expected\n{expected.read_text(encoding="utf-8")}got\n{got}')
    print(f'{len(cases) - failed} passed, {failed} failed')
    return failed > 0 or not cases


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
