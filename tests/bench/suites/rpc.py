"""rpc: an echo service over sockets beside a raw epoll echo and Apache's servers (G8 to G11, G14)."""

import os
import re
import statistics
import struct
import subprocess

from harness import echo, packages, runner
from harness.report import table
from harness.servers import Server, free_port

PACKAGES = echo.PACKAGES + ["strace"]
POOL = "Apache C++ TThreadPoolServer"
BEST_APACHE = "Apache C++ TThreadedServer"
THREADED = ["Apache C++ TThreadedServer", POOL, "Apache C++ TNonblockingServer",
            "Apache C++ TNonblockingServer + 4"]
IDLE = 1000


class Scenario:
    """What the load generator is told, and which servers can take part."""

    def __init__(self, title, arguments, same_processor=False, local=False, loops=1, pinned=True):
        self.title = title
        self.arguments = arguments
        self.same_processor = same_processor
        self.local = local
        self.loops = loops  # of our server
        self.pinned = pinned  # server and load generator to a processor each


ONE = Scenario("tcp, 1 connection, one core", ["-c", "1"], same_processor=True)
EIGHT = Scenario("tcp, 8 connections", ["-c", "8"])
MANY = Scenario("tcp, 64 connections", ["-c", "64"])
THOUSAND = Scenario("tcp, 1,000 connections", ["-c", "1000"])
LOCAL = Scenario("unix, 64 connections", ["-c", "64"], local=True)
PIPELINED = Scenario("tcp, 8 connections × 16 pipelined", ["-c", "8", "-p", "16"])
FRAMED = Scenario("tcp, 8 connections, framed, beside the unframed", ["-c", "8"])
UNFRAMED = Scenario("tcp, 8 connections, unframed", ["-c", "8", "-u"])
BLOBS = Scenario("tcp, 1 connection, 1 MiB blobs", ["-c", "1", "-m", "blob", "-b", "1048576"])


ON_LOOPS = [Scenario("tcp, 64 connections, %d loop%s, no processor of its own" % (loops, "s"[:loops - 1]),
                     ["-c", "64"], loops=loops, pinned=False) for loops in (1, 2)]

PIPELINE_DEPTH = 16


class Bench:
    """Loads one server after the other and keeps what the load generator printed."""

    def __init__(self, builder, seconds):
        self.servers = echo.Servers(builder)
        self.loader = self.servers.load_generator()
        self.idler = self.servers.idle_connections()
        self.builder = builder
        self.seconds = seconds
        self.results = {}

    def address(self, local):
        return self.builder.output("echo.socket") if local else str(free_port())

    def load(self, name, scenario):
        address = self.address(scenario.local)
        first, last = runner.processors()[0], runner.processors()[-1]
        with Server(self.servers.command(name, address, loops=scenario.loops), address,
                    last if scenario.pinned else None) as server:
            command = [self.loader, "-a", address, "-s", str(self.seconds), "-P", str(server.pid)] \
                + scenario.arguments
            text = runner.output_of(runner.pinned(command, last if scenario.same_processor else first)
                                    if scenario.pinned else command)
        self.results.setdefault((name, scenario), []).append(values(text))

    def alternate(self, names, scenario, rounds):
        for i in range(rounds):
            for name in names if i % 2 == 0 else reversed(names):
                self.load(name, scenario)

    def median(self, name, scenario, key):
        results = self.results.get((name, scenario))
        return statistics.median(result[key] for result in results) if results else None

    def system_calls(self, name):
        """Per request at 8 connections: two loads of known length under strace, subtracted."""
        few, many = 2000, 12000
        counts = []
        for requests in (few, many):
            address, out = self.address(False), self.builder.output("strace.txt")
            command = ["strace", "-f", "-c", "-o", out] + self.servers.command(name, address)
            with Server(command, address) as server:
                runner.output_of([self.loader, "-a", address, "-c", "8", "-n", str(requests)])
                children = subprocess.run(["pgrep", "-P", str(server.pid)], capture_output=True,
                                          text=True, check=False).stdout.split()
                for child in children:
                    os.kill(int(child), 15)
            counts.append(_strace_total(out))
        return (counts[1] - counts[0]) / (many - few)

    def idle(self, name):
        address = self.address(False)
        with Server(self.servers.command(name, address, IDLE), address) as server:
            return values(runner.output_of([self.idler, address, str(IDLE), str(server.pid)]))

    def allocations(self, name):
        """Per call of a warm server."""
        counter = self.builder.program(
            "allocation_counter.so", [self.builder.source("support", "allocation_counter.c")],
            ["-shared", "-fPIC"])
        address, file = self.address(False), self.builder.output("allocations.bin")
        env = {"LD_PRELOAD": counter, "ALLOCATION_COUNT_FILE": file}
        counts, requests = [], (2000, 12000)
        for count in requests:
            if os.path.exists(file):
                os.unlink(file)
            with Server(self.servers.command(name, address), address, env=env):
                runner.output_of([self.loader, "-a", address, "-c", "8", "-n", str(count)])
                with open(file, "rb") as shared:
                    counts.append(struct.unpack("ll", shared.read(16))[0])
            address = self.address(False)
        return max(0.0, (counts[1] - counts[0]) / (requests[1] - requests[0]))


class Clients:
    """Calls against the raw echo, both on one core: the client's own cost shows. Blocking, or
    `depth` of them on their way at once."""

    def __init__(self, bench, seconds, depth=1):
        self.depth = depth
        servers = bench.servers
        self.commands = {"Apache C++ client": [servers.cpp_client()]}
        ours = servers.client()
        if ours:
            self.commands["rethrift client"] = [ours, servers.idl]
        self.raw, self.seconds = servers.command, seconds
        self.results = {name: [] for name in self.commands}

    def measure(self, rounds):
        for i in range(rounds):
            names = list(self.commands)
            for name in names if i % 2 == 0 else reversed(names):
                port, last = str(free_port()), runner.processors()[-1]
                with Server(self.raw(echo.RAW, port) + ["result"], port, last):
                    self.results[name].append(values(runner.output_of(runner.pinned(
                        self.commands[name] + [port, str(self.seconds), str(self.depth)]))))

    def median(self, name, key):
        return statistics.median(result[key] for result in self.results[name])

    def print(self):
        table("%s client calls to the raw echo, one core" % (
            "Blocking" if self.depth == 1 else "Pipelined (%d)" % self.depth),
              ["", "calls/s", "client CPU-s/100k", ""],
              [[name, "%.0f" % self.median(name, "per_second"),
                "%.3f" % self.median(name, "cpu_per_100k"), ""] for name in self.commands])


def values(text):
    return {key: float(value) for key, value in re.findall(r"(\w+)=([-\d.]+)", text)}


def _strace_total(path):
    with open(path, encoding="utf-8") as file:
        total = [line for line in file if line.rstrip().endswith("total")]
    return int(total[-1].split()[3] if len(total[-1].split()) > 4 else total[-1].split()[2])


def print_scenario(bench, scenario, names):
    rows, raw = [], bench.median(echo.RAW, scenario, "per_second")
    for name in names:
        per_second = bench.median(name, scenario, "per_second")
        if per_second is not None:
            rows.append([name, "%.0f" % per_second,
                         "–" if raw is None else "%.2f" % (per_second / raw)] +
                        ["%.1f" % bench.median(name, scenario, key)
                         for key in ("p50_us", "p99_us")] +
                        ["%.3f" % bench.median(name, scenario, "cpu_per_100k"), ""])
    table(scenario.title, ["", "requests/s", "÷ raw", "p50 µs", "p99 µs", "CPU-s/100k", ""], rows)


def measure(bench, ours, quick):
    """Every scenario; those that a figure needs in alternated rounds."""
    rounds = 2 if quick else 4
    pair = [echo.RAW] + ours
    for scenario in (ONE, EIGHT, MANY, THOUSAND, LOCAL, PIPELINED, BLOBS):
        # The pool has 64 threads, one for each connection.
        peers = ["Apache C++ TSimpleServer"] * (scenario is ONE) + \
            [name for name in THREADED if scenario not in (PIPELINED, THOUSAND) or name != POOL]
        if scenario is BLOBS:
            # TThreadedServer ends a connection after 100 MB of requests.
            peers = ["Apache C++ TNonblockingServer"]
        bench.alternate(pair, scenario, rounds)
        bench.alternate(peers, scenario, 1)
        print_scenario(bench, scenario, pair + peers)
    if ours:
        for _ in range(rounds):
            bench.load(echo.OURS, UNFRAMED)
            bench.load(echo.OURS, FRAMED)
        print_scenario(bench, UNFRAMED, ours)
        print_scenario(bench, FRAMED, ours)
        for _ in range(rounds):
            for scenario in ON_LOOPS:
                bench.load(echo.OURS, scenario)
        for scenario in ON_LOOPS:
            print_scenario(bench, scenario, ours)


def print_costs(bench, ours):
    """System calls, memory of idle connections, allocations; the figures' raw values."""
    costs, rows = {}, []
    for name in [echo.RAW] + ours + THREADED:
        pool = name == POOL
        costs[name] = {"calls": bench.system_calls(name), "idle": None if pool else bench.idle(name),
                       "allocations": bench.allocations(name)}
        idle = costs[name]["idle"]
        rows.append([name, "%.2f" % costs[name]["calls"],
                     "–" if pool else "%.2f" % idle["open_kib"],
                     "–" if pool else "%.2f" % idle["after_kib"],
                     "%.2f" % costs[name]["allocations"], ""])
    table("Costs", ["", "system calls/request", "KiB/idle connection", "after one call",
                    "allocations/call", ""], rows)
    return costs


def add_figures(report, bench, costs):
    def against(key, scenario, peer=echo.RAW):
        return bench.median(echo.OURS, scenario, key) / bench.median(peer, scenario, key)

    rates = {8: against("per_second", EIGHT), 64: against("per_second", MANY)}
    cpu = {8: against("cpu_per_100k", EIGHT), 64: against("cpu_per_100k", MANY)}
    for connections, rate in rates.items():
        report.figure("G8.%d" % connections, "requests/s ÷ raw echo, %d connections" % connections,
                      rate, 0.90, peer=echo.RAW, least=True)
        report.figure("G8.cpu.%d" % connections, "CPU per request ÷ raw echo",
                      cpu[connections], 1.15, peer=echo.RAW)
    report.figure("G8", "requests/s ÷ raw echo, worst of 8 and 64 connections",
                  min(rates.values()), 0.90, peer=echo.RAW, least=True)
    report.figure("G8.cpu", "CPU per request ÷ raw echo, worst of both", max(cpu.values()), 1.15,
                  peer=echo.RAW)
    report.figure("G8b", "requests/s unframed ÷ framed, 8 connections",
                  bench.median(echo.OURS, UNFRAMED, "per_second")
                  / bench.median(echo.OURS, FRAMED, "per_second"), 0.85, least=True)
    report.figure("G9", "requests/s ÷ raw echo, 8 × 16 pipelined",
                  against("per_second", PIPELINED), 0.80, peer=echo.RAW, least=True)
    report.figure("G9.apache", "requests/s ÷ Apache's best server, 8 × 16 pipelined",
                  against("per_second", PIPELINED, BEST_APACHE), 12, peer=BEST_APACHE, least=True)
    report.figure("G8.1000", "requests/s ÷ raw echo, 1,000 connections",
                  against("per_second", THOUSAND), peer=echo.RAW)
    report.figure("G8.loops", "requests/s on two loops ÷ on one, 64 connections, both processors",
                  bench.median(echo.OURS, ON_LOOPS[1], "per_second")
                  / bench.median(echo.OURS, ON_LOOPS[0], "per_second"))
    report.figure("G8.loops.cpu", "CPU per request of the same",
                  bench.median(echo.OURS, ON_LOOPS[1], "cpu_per_100k")
                  / bench.median(echo.OURS, ON_LOOPS[0], "cpu_per_100k"))
    report.figure("G10", "system calls per request, 8 connections", costs[echo.OURS]["calls"], 2.3,
                  "calls", "Apache C++ TThreadedServer")
    report.figure("G11", "user memory per idle connection, each called once",
                  costs[echo.OURS]["idle"]["after_kib"], 0.5, "KiB",
                  "Apache C++ TNonblockingServer")
    report.figure("G14.server", "allocations per call of a warm server",
                  costs[echo.OURS]["allocations"], 0, "allocations")


def run(context):
    packages.require(PACKAGES)
    bench = Bench(context.builder, 0.4 if context.quick else 1.5)
    ours = [echo.OURS] if bench.servers.ours else []

    measure(bench, ours, context.quick)
    clients = Clients(bench, bench.seconds)
    clients.measure(2 if context.quick else 4)
    clients.print()
    pipelined = Clients(bench, bench.seconds, PIPELINE_DEPTH)
    pipelined.measure(2 if context.quick else 4)
    pipelined.print()
    costs = print_costs(bench, ours)
    if not ours or len(clients.commands) < 2:
        return False
    add_figures(context.report, bench, costs)
    context.report.figure("G8.client", "blocking calls/s ÷ Apache's C++ client",
                          clients.median("rethrift client", "per_second")
                          / clients.median("Apache C++ client", "per_second"),
                          peer="Apache C++ client")
    context.report.figure("G8.client.pipelined",
                          "calls/s ÷ Apache's C++ client, %d at once" % PIPELINE_DEPTH,
                          pipelined.median("rethrift client", "per_second")
                          / pipelined.median("Apache C++ client", "per_second"),
                          peer="Apache C++ client")
    return True
