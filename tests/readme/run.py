#!/usr/bin/python3
"""Runs a server and a client of README.md: run.py IDL_DIRECTORY SERVER CLIENT SOURCE_OF_CLIENT"""
import os
import re
import signal
import socket
import subprocess
import sys
import time

SECONDS = 30


def wait_for(port, server):
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            socket.create_connection(('127.0.0.1', port), 1).close()
            return
        except OSError:
            time.sleep(0.02)
    sys.exit('the server did not start')


def main(idl, server_path, client_path, source):
    port = int(re.search(r'tcp://127\.0\.0\.1:(\d+)', open(source, encoding='utf-8').read())[1])
    server_path, client_path = os.path.abspath(server_path), os.path.abspath(client_path)
    server = subprocess.Popen([server_path], cwd=idl)
    try:
        wait_for(port, server)
        first, second = (subprocess.run([client_path], cwd=idl, capture_output=True, text=True,
                                        timeout=SECONDS, check=False) for _ in range(2))
    finally:
        server.send_signal(signal.SIGTERM)
        ended = server.wait(SECONDS)
    print(first, second, ended)
    assert first.returncode == 0 and first.stdout == 'Ada <ada@example.org>\n'
    # The second time the user exists: the refusal is printed, the call after it goes through.
    assert second.returncode == 1 and second.stdout == 'Ada <ada@example.org>\n'
    assert 'user 1 exists' in second.stderr
    assert ended == 0


if __name__ == '__main__':
    main(*sys.argv[1:])
