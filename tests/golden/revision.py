#!/usr/bin/python3
"""`git:REV:path` as a definition: what it includes comes from the same revision, names of files that
are options or do not exist are refused.

    revision.py RETHRIFT
"""
import os
import pathlib
import subprocess
import sys
import tempfile

FILES = {
    'idl/users/user.thrift': 'include "../shared.thrift"\nstruct User { 1: shared.Id id }\n',
    'idl/shared.thrift': 'include "deep/./deeper.thrift"\nstruct Id { 1: deeper.Number number }\n',
    'idl/deep/deeper.thrift': 'typedef i32 Number\n',
    'root.thrift': 'struct Root { 1: i32 a }\n',
}


def git(folder, *arguments):
    environment = dict(os.environ, GIT_CONFIG_GLOBAL='/dev/null', GIT_CONFIG_SYSTEM='/dev/null')
    subprocess.run(['git', '-c', 'user.name=a', '-c', 'user.email=a@example.org', *arguments],
                   cwd=folder, env=environment, check=True, capture_output=True)


def main(arguments):
    tool, failed = str(pathlib.Path(arguments[0]).resolve()), []

    def expect(status, words, *command):
        done = subprocess.run([tool, *command], cwd=folder, capture_output=True, timeout=30,
                              check=False)
        text = (done.stdout + done.stderr).decode()
        if done.returncode != status or any(word not in text for word in words):
            failed.append(f'{command}: exit status {done.returncode}, {text}')

    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        for name, text in FILES.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, encoding='utf-8')
        git(folder, 'init', '-q')
        git(folder, 'add', '.')
        git(folder, 'commit', '-q', '-m', 'one')
        user = 'idl/users/user.thrift'
        expect(0, ['no change'], 'diff', f'git:HEAD:{user}', user)
        (folder / 'idl/deep/deeper.thrift').write_text('typedef i64 Number\n', encoding='utf-8')
        expect(3, ['shared.Id.number', 'field-type-changed', 'git:HEAD:idl'],
               'diff', f'git:HEAD:{user}', user)
        expect(0, ['no change'], 'diff', 'git:HEAD:root.thrift', 'root.thrift')
        expect(0, ['struct Root'], 'describe', 'git:HEAD:root.thrift')
        expect(1, ['no such file'], 'diff', 'git:HEAD:nowhere.thrift', user)
        expect(1, ['no such file'], 'diff', 'git:v99:root.thrift', user)
        expect(1, ['no revision'], 'diff', 'git:--output=x:root.thrift', user)
    print('\n'.join(failed + [f'{7 - len(failed)} passed, {len(failed)} failed']))
    return len(failed) > 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
