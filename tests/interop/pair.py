#!/usr/bin/python3
"""Runs a client against a server: pair.py SERVER [ARGUMENT...] -- CLIENT [ARGUMENT...]

The server prints "listening on ADDRESS"; in the client's arguments {} stands for that address. The
client's status is the result; our own server must also end with 0 when it is told to.
"""
import re
import signal
import socket
import subprocess
import sys
import time

SECONDS = 60


def wait_for(address):
    match = re.match(r'tcp://\[?([^\]]+)\]?:(\d+)', address)
    deadline = time.monotonic() + SECONDS
    while match and time.monotonic() < deadline:
        try:
            socket.create_connection((match.group(1), int(match.group(2))), 1).close()
            return
        except OSError:
            time.sleep(0.02)


def stop(server):
    server.send_signal(signal.SIGTERM)
    try:
        return server.wait(SECONDS)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()
        return 'hanging'


def main(arguments):
    split = arguments.index('--')
    server = subprocess.Popen(arguments[:split], stdout=subprocess.PIPE, text=True)
    address = ''
    for line in server.stdout:
        if line.startswith('listening on '):
            address = line.split()[-1]
            break
    if not address:
        print('the server did not start', file=sys.stderr)
        return 1
    wait_for(address)
    client = [part.replace('{}', address) for part in arguments[split + 1:]]
    status = subprocess.run(client, timeout=SECONDS).returncode
    ended = stop(server)
    if ended not in (0, -signal.SIGTERM):
        print(f'the server ended with {ended}', file=sys.stderr)
        return 1
    return status


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
