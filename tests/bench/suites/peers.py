"""peers: what bad peers cost the server and the others (promises 12 and 21)."""

import statistics
import subprocess

from harness import echo, packages, runner
from harness.report import table
from harness.servers import Server, free_port
from suites.rpc import values

SLOW = 1000
PATIENCE_MS = 3000  # the server's, for a message's end and for the first byte


class Rig:
    """Our server and who comes to it."""

    def __init__(self, builder):
        self.servers = echo.Servers(builder)
        self.loader = self.servers.load_generator()
        self.slow = self.servers.slow_peers()
        self.resets = self.servers.resets()

    def serve(self, address):
        return Server(self.servers.command(echo.OURS, address, loops=1, patience_ms=PATIENCE_MS),
                      address, runner.processors()[-1])

    def load(self, address, seconds):
        return values(runner.output_of(runner.pinned(
            [self.loader, "-a", address, "-c", "8", "-s", str(seconds)], runner.processors()[0])))


def beside_slow_peers(rig, seconds):
    """(of the others, of the slow ones)."""
    address = str(free_port())
    with rig.serve(address):
        slow = subprocess.Popen(runner.pinned(
            [rig.slow, address, str(SLOW), str(int(seconds) + 2 + 2 * PATIENCE_MS // 1000)],
            runner.processors()[0]), stdout=subprocess.PIPE, text=True)
        slow.stdout.readline()
        others = rig.load(address, seconds)
        return others, values(slow.communicate()[0])


def measure_slow(report, rig, rounds, seconds):
    alone, beside, slow = [], [], []
    for _ in range(rounds):
        address = str(free_port())
        with rig.serve(address):
            alone.append(rig.load(address, seconds))
        others, came = beside_slow_peers(rig, seconds)
        beside.append(others)
        slow.append(came)
    rows = [[title] + ["%.0f" % statistics.median(result[key] for result in results)
                       for key in ("per_second", "p50_us", "p99_us")] + [""]
            for title, results in (("alone", alone),
                                   ("beside %d slow and %d silent" % (SLOW, SLOW), beside))]
    table("8 connections", ["", "requests/s", "p50 µs", "p99 µs", ""], rows)
    report.figure("P12", "p99 beside %d slow and %d silent peers ÷ p99 alone" % (SLOW, SLOW),
                  statistics.median(result["p99_us"] for result in beside)
                  / statistics.median(result["p99_us"] for result in alone), 1.5)
    report.figure("P12.closed", "the longest that a slow or silent one lived; %d were closed"
                  % sum(came["closed"] for came in slow), max(came["longest_s"] for came in slow),
                  PATIENCE_MS / 1000 + 1, "s")


def measure_resets(report, rig, count):
    address = str(free_port())
    with rig.serve(address) as server:
        got = values(runner.output_of([rig.resets, address, str(count), str(server.pid)]))
    report.figure("P21.descriptors", "descriptors after %d connections that were reset" % count,
                  got["descriptors_after"] - got["descriptors_before"], 0, "descriptors")
    report.figure("P21.memory", "resident memory after them ÷ before (%.0f KiB)" % got["kib_before"],
                  got["kib_after"] / got["kib_before"], 1.02)


def run(context):
    packages.require(echo.PACKAGES)
    rig = Rig(context.builder)
    if not rig.servers.ours:
        return False
    measure_slow(context.report, rig, 1 if context.quick else 4, 2 if context.quick else 4)
    measure_resets(context.report, rig, 5_000 if context.quick else 50_000)
    return True
