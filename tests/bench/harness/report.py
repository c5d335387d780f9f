"""Figures and tables: what a person reads, and the JSON that a program reads."""

import json
import math
import os
import platform
import subprocess
import time


class Report:
    """The figures of one run, in the order in which they were measured."""

    def __init__(self):
        self.figures = []

    def figure(self, name, what, value, goal=None, unit="ratio", peer=None, ours_ns=None,
               peer_ns=None, least=False):
        """One figure. `least`: the goal is a lower bound, not an upper one. No goal: ok is null."""
        ok = None
        if goal is not None:
            ok = value >= goal if least else value <= goal
        self.figures.append({"id": name, "what": what, "value": _short(value), "goal": goal,
                             "ok": ok, "unit": unit, "peer": peer, "ours_ns": _short(ours_ns),
                             "peer_ns": _short(peer_ns), "least": least})

    def ratio(self, name, what, ours, peer, goal, peer_name):
        """ours ÷ peer of two times in nanoseconds; returns it."""
        self.figure(name, what, ours / peer, goal, "ratio", peer_name, ours, peer)
        return ours / peer

    def print_goals(self):
        rows = []
        for figure in self.figures:
            bound = "" if figure["goal"] is None else \
                ("≥ " if figure["least"] else "≤ ") + "%g" % figure["goal"]
            verdict = {True: "met", False: "MISSED", None: ""}[figure["ok"]]
            rows.append([figure["id"], "%.4g" % figure["value"], bound, figure["unit"], verdict,
                         figure["what"]])
        table("Figures", ["id", "value", "goal", "unit", "", "what"], rows)

    def write_json(self, path):
        plain = [{key: value for key, value in figure.items() if key != "least"}
                 for figure in self.figures]
        with open(path, "w", encoding="utf-8") as file:
            json.dump(plain, file, indent=1, ensure_ascii=False)
            file.write("\n")


def _short(value):
    return value if value is None else float("%.6g" % value)


def geometric_mean(values):
    return math.exp(sum(map(math.log, values)) / len(values))


def duration(ns):
    """Three or four digits and a unit."""
    for bound, divisor, unit in ((1e4, 1, "ns"), (1e6, 1e3, "µs"), (1e9, 1e6, "ms")):
        if ns < bound:
            return "%.*f %s" % (0 if divisor == 1 and ns >= 100 else 1, ns / divisor, unit)
    return "%.2f s" % (ns / 1e9)


def table(title, header, rows):
    """Aligned columns; the first and the last are text, the others stand right."""
    widths = [max(len(str(row[i])) for row in [header] + rows) for i in range(len(header))]
    print("\n" + title)
    for row in [header] + rows:
        cells = [str(cell).ljust(width) if i in (0, len(row) - 1) else str(cell).rjust(width)
                 for i, (cell, width) in enumerate(zip(row, widths))]
        print("  " + "  ".join(cells).rstrip())


def print_machine(root, arguments):
    """Where and when these figures were made, so that they can be quoted."""
    commit = subprocess.run(["git", "-C", root, "describe", "--always", "--dirty"],
                            capture_output=True, text=True, check=False).stdout.strip()
    compiler = subprocess.run(["gcc", "-dumpfullversion"], capture_output=True, text=True,
                              check=False).stdout.strip()
    load = os.getloadavg()[0]
    print("tools/bench %s, %s, commit %s" % (" ".join(arguments),
                                             time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime()),
                                             commit or "unknown"))
    print("%s, %d processors, gcc %s, load average %.1f%s" % (
        platform.machine(), len(os.sched_getaffinity(0)), compiler, load,
        ": the machine is busy, take ratios with care" if load > 0.7 else ""))
