"""reload: definitions change while calls run (P16, P17), and how soon a change is seen (P18)."""

import os
import re
import shutil
import statistics

from harness import runner
from harness.report import table


class Programs:
    def __init__(self, builder):
        self.load = builder.own_program("reload_under_load",
                                        [builder.source("rpc", "reload_under_load.c")])
        self.change = builder.own_program("change_detection",
                                          [builder.source("rpc", "change_detection.c")],
                                          ["-pthread"])


def fields(text):
    """One dictionary per line of key=value."""
    return [{key: value if re.search(r"[a-z]", value) else float(value)
             for key, value in re.findall(r"(\w+)=(\S+)", line)} for line in text.splitlines()]


def fresh(builder, name):
    directory = builder.output(name, "")
    shutil.rmtree(directory)
    os.makedirs(directory)
    return directory


COLUMNS = {"per_second": ("calls/s", 1), "failed": ("failed", 1), "mixed": ("mixed", 1),
           "p50_us": ("p50 µs", 1), "p99_us": ("p99 µs", 1), "worst_us": ("worst µs", 1),
           "reloads": ("reloads", 1), "took": ("took s", 1), "live_most": ("generations", 1),
           "duration_most_us": ("longest ms", 1e3), "rss_kb": ("RSS KB", 1), "fds": ("descriptors", 1)}
SUMS = {"calls", "failed", "mixed", "reloads", "took"}
WORST = {"worst_us", "live_most", "duration_most_us"}
LAST = {"wrong", "without_place", "rss_kb", "fds"}


def whole(slices):
    """One phase from its slices: sums of what is counted, medians of what is timed."""
    phase = {}
    for key, value in slices[0].items():
        values = [one[key] for one in slices]
        phase[key] = (value if isinstance(value, str) else sum(values) if key in SUMS else
                      max(values) if key in WORST else values[-1] if key in LAST else
                      statistics.median(values))
    return phase


def under_load(context, programs):
    reloads, seconds = (100, 4) if context.quick else (1000, 20)
    lines = fields(runner.output_of([programs.load, fresh(context.builder, "reload"), str(reloads),
                                     str(seconds)]))
    phases = {name: whole([line for line in lines if line["phase"] == name])
              for name in dict.fromkeys(line["phase"] for line in lines)}
    table("%d attempts to reload, half load" % reloads,
          [""] + [title for title, _ in COLUMNS.values()] + [""],
          [[name] + ["%.4g" % (phase[key] / unit) if unit != 1 else "%.0f" % phase[key]
                     for key, (_, unit) in COLUMNS.items()] + [""]
           for name, phase in phases.items()])
    add_good(context.report, phases)
    add_mixed(context.report, phases)


def add_good(report, phases):
    quiet, good, after = phases["quiet"], phases["good"], phases["quiet-after"]
    large, before = phases["large"], phases["warm-up"]
    report.figure("P16", "reloads at half load, p99 ÷ that without reloads",
                  good["p99_us"] / quiet["p99_us"], 1.5)
    report.figure("P16.failed", "calls that failed", good["failed"], 0, "calls")
    report.figure("P16.mixed", "answers that mix generations", good["mixed"], 0, "calls")
    report.figure("P16.seconds", "%d reloads" % good["reloads"], good["took"], 20, "s")
    report.figure("P16.live", "generations alive at most; one loop, one call in flight",
                  good["live_most"], 3, "generations")
    report.figure("P16.rss", "resident memory after all reloads ÷ before",
                  after["rss_kb"] / before["rss_kb"], 1.02)
    report.figure("P16.descriptors", "descriptors more than before", after["fds"] - before["fds"], 0,
                  "descriptors")
    report.figure("P16.large", "reloads of 1 MB, p99 ÷ that without reloads",
                  large["p99_us"] / after["p99_us"])
    report.figure("P16.large.failed", "calls that failed or mix generations meanwhile",
                  large["failed"] + large["mixed"], 0, "calls")


def add_mixed(report, phases):
    mixed = phases["mixed"]
    report.figure("P17", "calls that failed while every second definition was broken",
                  mixed["failed"] + mixed["mixed"], 0, "calls")
    report.figure("P17.wrong", "attempts that changed what they should not, or did not what they should",
                  mixed["wrong"], 0, "attempts")
    report.figure("P17.placeless", "refused or failed without file, line and column",
                  mixed["without_place"], 0, "attempts")


def detection(context, programs, name, rounds, goal, options=()):
    text = runner.output_of([programs.change, fresh(context.builder, "change"), str(rounds)]
                            + list(options), timeout=3600)
    ways = fields(text)
    table("From change to publication%s" % (", without events" if options else ""),
          ["", "rounds", "lost", "broken", "median ms", "worst ms", ""],
          [[way["way"]] + ["%.0f" % way[key] for key in ("rounds", "lost", "failed", "median_ms",
                                                         "worst_ms")] + [""] for way in ways])
    changing = [way for way in ways if way["way"] != "touch"]
    context.report.figure(name, "change to publication, the worst of all rounds and ways",
                          max(way["worst_ms"] for way in changing), goal, "ms")
    context.report.figure(name + ".lost", "changes lost, and touches that published",
                          sum(way["lost"] for way in ways), 0, "changes")


def run(context):
    programs = Programs(context.builder)
    if programs.load is None or programs.change is None:
        return False
    under_load(context, programs)
    detection(context, programs, "P18", 10 if context.quick else 200, 500)
    detection(context, programs, "P18.poll", 3 if context.quick else 20, 1500, ["--no-events"])
    return True
