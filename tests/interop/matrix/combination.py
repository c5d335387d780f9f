"""One combination: a server and a client in processes of their own, over one kind of socket."""
import itertools
import os
import signal
import socket
import subprocess
import tempfile
import time

START_SECONDS = 60
CLIENT_SECONDS = 60
STOP_SECONDS = 20
# Below those that clients are given; programs that begin one after the other are far apart.
PORTS = itertools.count(20000 + os.getpid() * 617 % 10000)


class Place:
    """Where a server listens: an address that nobody else uses."""

    def __init__(self, kind, directory):
        self.kind = kind
        self.directory = tempfile.mkdtemp(dir=directory)
        self.path = os.path.join(self.directory, 'socket')
        if kind == 'ip':
            self.port = next(port for port in PORTS if is_free(port))

    def arguments(self, server):
        if self.kind == 'ip':
            return [f'--port={self.port}']
        return ([f'--domain-socket={self.path}'] + ['--abstract-namespace'] * (self.kind == 'abstract')
                + ['--emulate-socketactivation'] * (server and self.kind == 'activated'))

    def is_open(self):
        if self.kind == 'ip':
            for family, host in ((socket.AF_INET, '127.0.0.1'), (socket.AF_INET6, '::1')):
                with socket.socket(family) as probe:
                    if probe.connect_ex((host, self.port)) == 0:
                        return True
            return False
        with socket.socket(socket.AF_UNIX) as probe:
            name = ('\0' if self.kind == 'abstract' else '') + self.path
            return probe.connect_ex(name) == 0


def let_servers_be_stopped():
    """Under nohup SIGHUP is ignored, and children inherit that; they do not inherit a handler."""
    if signal.getsignal(signal.SIGHUP) == signal.SIG_IGN:
        signal.signal(signal.SIGHUP, lambda *_: None)


def is_free(port):
    with socket.socket(socket.AF_INET6) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(('::', port))
            return True
        except OSError:
            return False


def start(command, output):
    return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                            start_new_session=True)


def wait(process, seconds):
    """Its status; None when it did not end in time, and was killed with all that it started."""
    try:
        return process.wait(seconds)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        return None


def stop(process):
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGHUP)
    return wait(process, STOP_SECONDS)


def tail(file, size=1500):
    file.seek(0, os.SEEK_END)
    file.seek(max(0, file.tell() - size))
    return file.read().decode(errors='replace').strip()


def wait_for(process, place):
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        if place.is_open():
            return True
        time.sleep(0.02)
    return False


def run(server, client, place):
    """'' when the client and the server end as they should; else what was wrong."""
    with tempfile.TemporaryFile() as said, tempfile.TemporaryFile() as heard:
        serving = start(server, said)
        try:
            if not wait_for(serving, place):
                return f'the server did not start: {tail(said)}'
            status = wait(start(client, heard), CLIENT_SECONDS)
        finally:
            ended = stop(serving)
        if status is None:
            return f'the client did not end in {CLIENT_SECONDS} s: {tail(heard)}\n  server: {tail(said)}'
        if status != 0:
            return f'client {status}: {tail(heard)}\n  server: {tail(said)}'
        if ended is None:
            return f'the server did not end in {STOP_SECONDS} s: {tail(said)}'
        if ended not in (0, -signal.SIGHUP, 128 + signal.SIGHUP):
            return f'the server ended with {ended}: {tail(said)}'
        return ''
