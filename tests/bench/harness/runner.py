"""Runs measuring programs so that noise hits all of them alike.

Programs are pinned to one processor and run in alternated rounds (A B, B A, A B, …); a figure is
the median over the rounds. Each program prints lines of
    implementation TAB payload TAB operation TAB nanoseconds TAB bytes TAB allocations TAB size
(see support/timing.h).
"""

import collections
import os
import re
import statistics
import subprocess
import sys
import time

Sample = collections.namedtuple("Sample", "ns bytes allocations")


def processors():
    """The processors this process may use; the last is for who is measured."""
    return sorted(os.sched_getaffinity(0))


def pinned(command, processor=None):
    cpu = processors()[-1] if processor is None else processor
    return ["taskset", "-c", str(cpu)] + command


def output_of(command, env=None, timeout=600):
    """Standard output; a failure ends the benchmark with the program's own words."""
    done = subprocess.run(command, env={**os.environ, **(env or {})}, capture_output=True,
                          text=True, timeout=timeout, check=False)
    if done.returncode != 0:
        print("failed (%d): %s\n%s" % (done.returncode, " ".join(command), done.stderr),
              file=sys.stderr)
        sys.exit(1)
    return done.stdout


class Samples:
    """Everything measured so far, by (implementation, payload, operation)."""

    def __init__(self):
        self.lines = collections.defaultdict(list)

    def add(self, text):
        for line in text.splitlines():
            implementation, payload, operation, ns, size, count, _ = line.split("\t")
            self.lines[implementation, payload, operation].append(
                Sample(float(ns), int(size), int(count)))

    def alternate(self, commands, rounds, env=None):
        """Run all commands in each round, every second round backwards."""
        for i in range(rounds):
            for command in commands if i % 2 == 0 else reversed(commands):
                self.add(output_of(pinned(command), env))

    def median(self, implementation, payload, operation):
        """The median sample, or None when this was never measured."""
        samples = self.lines.get((implementation, payload, operation))
        if not samples:
            return None
        return Sample(statistics.median(sample.ns for sample in samples), samples[0].bytes,
                      samples[0].allocations)

    def paired(self, own, other, payload):
        """The median over the rounds of the ratio of (implementation, operation) to another that
        ran in the same rounds, or None: what the machine did meanwhile hit both."""
        ours, theirs = (self.lines.get((who, payload, operation), [])
                        for who, operation in (own, other))
        if not ours or len(ours) != len(theirs):
            return None
        return statistics.median(a.ns / b.ns for a, b in zip(ours, theirs))


def child_cpu_ms(command, runs):
    """Median CPU time of a whole process, start-up included."""
    times = []
    for _ in range(runs):
        child = subprocess.Popen(pinned(command), stdout=subprocess.DEVNULL,
                                 stderr=subprocess.DEVNULL)
        _, _, usage = os.wait4(child.pid, 0)
        child.returncode = 0
        times.append((usage.ru_utime + usage.ru_stime) * 1e3)
    return statistics.median(times)


def instructions(command, env):
    """Instructions of one run under callgrind; exact, so once is enough."""
    done = subprocess.run(["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null"]
                          + command, env={**os.environ, **env}, capture_output=True, text=True,
                          timeout=600, check=False)
    found = re.search(r"Collected : (\d+)", done.stderr)
    if done.returncode != 0 or found is None:
        print("valgrind failed: %s\n%s" % (" ".join(command), done.stderr), file=sys.stderr)
        sys.exit(1)
    return int(found.group(1))


def wait_for(condition, seconds, what):
    """Poll until `condition` holds; an error naming `what` when it does not in time."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            print("timed out: " + what, file=sys.stderr)
            sys.exit(1)
        time.sleep(0.01)
