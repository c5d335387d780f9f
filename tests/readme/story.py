#!/usr/bin/python3
"""The terminal session of README.md, typed again: story.py README IDL_DIRECTORY PROGRAM_DIRECTORY

Each line behind "$ " goes to a shell; the lines below it must come out in this order, others may come
between them. Durations differ, and so does the port, that tests of several builds may run at once.
"""
import os
import pathlib
import queue
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading

SECONDS = 60
PORT = '9090'
ADDRESS_OPTIONS = {'userservice-server': '--listen', 'userservice-client': '--server'}


def steps(text):
    """(command, [line that is printed]) of the one console block."""
    block = re.search(r'^```console\n(.*?)^```', text, re.M | re.S).group(1)
    found = []
    for line in block.splitlines():
        if line.startswith('$ '):
            found.append((line[2:], []))
        else:
            found[-1][1].append(line)
    return found


def free_port():
    with socket.socket() as probe:
        probe.bind(('127.0.0.1', 0))
        return probe.getsockname()[1]


def write_programs(place, programs, port):
    """The real ones, told where to listen and whom to call."""
    place.mkdir()
    for name, option in ADDRESS_OPTIONS.items():
        script = place / name
        script.write_text(f'#!/bin/sh\nexec "{os.path.abspath(programs)}/{name}" '
                          f'{option} tcp://127.0.0.1:{port} "$@"\n')
        script.chmod(0o755)


class Terminal:
    """A shell whose output, and that of what it starts, is read line by line."""

    def __init__(self, place, programs):
        self.shell = subprocess.Popen(
            ['bash'], cwd=place, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True,
            env={**os.environ, 'PATH': programs + os.pathsep + os.environ['PATH']})
        self.lines, self.seen = queue.Queue(), []
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        for line in self.shell.stdout:
            self.lines.put(line.rstrip('\n'))

    def type(self, command):
        self.shell.stdin.write(command + '\n')
        self.shell.stdin.flush()

    def expect(self, line):
        pattern = re.sub(r'\d+\\\.\d+(?= ?\\? ms)', r'[0-9.]+', re.escape(line))
        while True:
            try:
                self.seen.append(self.lines.get(timeout=SECONDS))
            except queue.Empty:
                sys.exit('\n'.join(self.seen) + f'\nnever printed: {line}')
            if re.fullmatch(pattern, self.seen[-1]):
                return


def main(readme, idl, programs):
    place, port = pathlib.Path(tempfile.mkdtemp()), free_port()
    write_programs(place / 'bin', programs, port)
    shutil.copytree(idl, place / 'idl')
    terminal = Terminal(place, str(place / 'bin'))
    try:
        session = steps(pathlib.Path(readme).read_text(encoding='utf-8'))
        for command, printed in session:
            terminal.type(command)
            for line in printed:
                terminal.expect(line.replace(PORT, str(port)))
        terminal.type('wait; exit')
        assert terminal.shell.wait(SECONDS) == 0 and len(session) > 5
    finally:
        if terminal.shell.poll() is None:
            terminal.type('kill %1 2>/dev/null; exit')
        shutil.rmtree(place)


if __name__ == '__main__':
    main(*sys.argv[1:])
