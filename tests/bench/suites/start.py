"""start: from exec to the first answered call, with the definition read at start (G13)."""

import statistics

from harness import echo, packages, runner
from harness.report import table
from harness.servers import free_port

PEERS = [echo.RAW, "Apache C++ TThreadedServer", "Apache C++ TSimpleServer", echo.C_GLIB,
         echo.THRIFTPY]


def times_ms(servers, name, runs):
    port = str(free_port())
    command = [servers.start_time(), str(runs), port] + servers.command(name, port)
    return [float(line) for line in runner.output_of(command).split()]


def run(context):
    packages.require(echo.PACKAGES)
    servers = echo.Servers(context.builder)
    names = PEERS + ([echo.OURS] if servers.ours else [])
    runs, rounds = (5, 1) if context.quick else (10, 2)
    times = {name: [] for name in names}

    for i in range(rounds):
        for name in names if i % 2 == 0 else reversed(names):
            times[name] += times_ms(servers, name, runs)
    table("Exec to first answered call, ms", ["", "median", "least", "most", ""],
          [[name] + ["%.2f" % f(times[name]) for f in (statistics.median, min, max)] + [""]
           for name in names])
    if not servers.ours:
        return False
    ours = statistics.median(times[echo.OURS])
    peer = statistics.median(times["Apache C++ TThreadedServer"])
    context.report.figure("G13", "exec to first answered call, definition parsed at start", ours,
                          2.5, "ms", "Apache C++ TThreadedServer", ours * 1e6, peer * 1e6)
    # 2.5 ms and 4.3 ms belong to one machine; their ratio holds on others, too.
    context.report.ratio("G13.ratio", "the same ÷ Apache C++", ours * 1e6, peer * 1e6, 0.58,
                         "Apache C++ TThreadedServer")
    return True
