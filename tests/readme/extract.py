#!/usr/bin/python3
"""Takes the programs out of README.md: extract.py README DIRECTORY FILE...

A program is a code block whose first line is a comment with its file name. The only change is the
port, so that tests of several builds may run at once.
"""
import pathlib
import re
import sys
import zlib

LINES_MOST = {'server': 60, 'client': 25}
PORT = '9090'


def programs(text):
    for block in re.findall(r'^```c(?:pp)?\n(.*?)^```', text, re.M | re.S):
        name = re.match(r'(?:/\*|//) (\w+\.\w+)', block)
        if name:
            yield name.group(1), block


def main(readme, directory, *wanted):
    found = dict(programs(pathlib.Path(readme).read_text(encoding='utf-8')))
    port = str(20000 + zlib.crc32(str(pathlib.Path(directory).resolve()).encode()) % 10000)
    for name in wanted:
        if name not in found:
            sys.exit(f'{readme} has no program {name}')
        most = LINES_MOST[name.split('.')[0]]
        if found[name].count('\n') > most:
            sys.exit(f'{readme}: {name} has more than {most} lines')
        pathlib.Path(directory, name).write_text(found[name].replace(PORT, port), encoding='utf-8')


if __name__ == '__main__':
    main(*sys.argv[1:])
