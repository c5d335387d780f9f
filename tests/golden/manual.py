#!/usr/bin/python3
"""The manual page has every command and every long option that the help texts have, and formats
without a warning.

    manual.py RETHRIFT rethrift.1
"""
import pathlib
import re
import shutil
import subprocess
import sys


def output(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=20)


def main(arguments):
    tool, page = arguments
    text = pathlib.Path(page).read_text(encoding='utf-8').replace('\\-', '-')
    commands = re.findall(r'^  (\w+) {2,}', output(tool, '--help').stdout, re.M)
    missing = []
    for command in commands:
        options = re.findall(r'--[a-z0-9-]+', output(tool, command, '--help').stdout)
        missing += [f'{command} {option}' for option in options if option not in text]
        if not re.search(rf'^\.B[RI]? {command}\b', text, re.M):
            missing.append(command)
    if shutil.which('groff'):
        missing += output('groff', '-man', '-Tutf8', '-ww', '-z', page).stderr.splitlines()
    print('\n'.join(missing + [f'{len(commands)} passed, {len(missing)} failed']))
    return bool(missing) or not commands


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
