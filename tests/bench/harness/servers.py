"""Starting and stopping the servers under measurement."""

import os
import signal
import socket
import subprocess
import sys

from harness import runner


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _answers(address):
    family = socket.AF_UNIX if "/" in address else socket.AF_INET
    with socket.socket(family) as probe:
        try:
            probe.connect(address if "/" in address else ("127.0.0.1", int(address)))
        except OSError:
            return False
    return True


class Server:
    """A process that serves at `address` while the `with` block runs."""

    def __init__(self, command, address, processor=None, env=None):
        self.command = runner.pinned(command, processor) if processor is not None else command
        self.address = address
        self.env = {**os.environ, **(env or {})}
        self.process = None

    def __enter__(self):
        self.process = subprocess.Popen(self.command, env=self.env, stdout=subprocess.DEVNULL,
                                        stderr=subprocess.PIPE)
        runner.wait_for(self._ready, 20, " ".join(self.command) + " does not listen")
        return self

    def _ready(self):
        if self.process.poll() is not None:
            print("server ended: %s\n%s" % (" ".join(self.command),
                                            self.process.stderr.read().decode()), file=sys.stderr)
            sys.exit(1)
        return _answers(self.address)

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stderr.close()

    @property
    def pid(self):
        return self.process.pid
