"""codec: bytes to values and back beside Apache C++, c_glib and Jansson (G1 to G7, G14, G15)."""

import os
import subprocess
import sys

from harness import packages, runner
from harness.report import duration, geometric_mean, table

PACKAGES = ["thrift-compiler", "libthrift-dev", "libboost-dev", "libthrift-c-glib-dev",
            "libglib2.0-dev", "libjansson-dev", "python3-thriftpy", "valgrind"]
PAYLOADS = {"a": "a user 58 B", "b": "b mixed 378 B", "c": "c 1,000 users 53 KB",
            "d": "d numeric 184 KB", "e": "e document 131 KB", "f": "f blob 1 MiB"}
MEAN = "abcde"
TEMPLATES = "apache-templates-binary"


class Programs:
    """The programs of the peers and of ours, built, and the payloads' bytes, written."""

    def __init__(self, builder):
        self.data = builder.output("payloads", "")
        self.counter = builder.program(
            "allocation_counter.so", [builder.source("support", "allocation_counter.c")],
            ["-shared", "-fPIC"])
        self.virtual = self._apache(builder, "cpp:no_skeleton", "cpp-virtual", [])
        self.templates = self._apache(builder, "cpp:templates,no_skeleton", "cpp-templates",
                                      ["-DUSE_TEMPLATES"])
        self.c_glib = self._c_glib(builder)
        self.memcpy = builder.program("memory_copy", [builder.source("codec", "memory_copy.c")],
                                      ["-D_GNU_SOURCE"])
        self.jansson = builder.program("jansson_json",
                                       [builder.source("codec", "jansson_json.c")],
                                       ["-D_GNU_SOURCE", "-ljansson"])
        self._write_payloads(builder)
        self.idl = builder.source("idl", "payloads.thrift")
        self.dynamic = builder.own_program("dynamic", [builder.source("codec", "dynamic.c")])
        self.native = builder.own_program("native", [builder.source("codec", "native.c")])

    def ours(self, protocol):
        return [self.dynamic, self.idl, self.data, protocol]

    def ours_native(self, protocol):
        return [self.native, self.idl, self.data, protocol]

    @staticmethod
    def _apache(builder, language, name, arguments):
        idl = builder.source("idl", "payloads.thrift")
        generated = builder.generate(language, name, idl)
        source = os.path.join(generated, "payloads_types.cpp")
        # Generated code is compiled once with the program: that is what inlining needs.
        return builder.program("apache_" + name, [builder.source("codec", "apache_cpp.cc"), source],
                               ["-I" + generated, "-lthrift"] + arguments, [idl])

    @staticmethod
    def _c_glib(builder):
        idl = builder.source("idl", "payloads.thrift")
        generated = builder.generate("c_glib", "c_glib", idl)
        return builder.program("apache_c_glib", [
            builder.source("codec", "apache_c_glib.c"),
            os.path.join(generated, "bench_payloads_types.c")],
            ["-std=gnu11", "-w", "-I" + generated] + builder.pkg_config("thrift_c_glib"), [idl])

    def _write_payloads(self, builder):
        stamp = os.path.join(self.data, "f.json")
        if os.path.exists(stamp) and os.path.getmtime(stamp) > os.path.getmtime(self.virtual):
            return
        runner.output_of([self.virtual, self.data, "dump"])
        runner.output_of(["/usr/bin/python3", builder.source("codec", "write_plain_json.py"),
                          builder.source("idl", "payloads.thrift"), self.data])


def alternate_closely(samples, pair, passes, rounds):
    """One payload and operation at a time: what the machine does for a second or two hits both
    sides of a ratio. Several times over all: what it does for longer hits all of them."""
    for _ in range(passes):
        for payload in PAYLOADS:
            for operation in ("encode", "decode", "decode-reuse") + ("build",) * (payload == "a"):
                samples.alternate(pair, rounds, {"BENCH_PAYLOADS": payload, "BENCH_MS": "8",
                                                 "BENCH_OPERATION": operation})


def measure(programs, samples, quick):
    """Who a ratio is made of in alternated rounds; the other peers once. Returns what we lack."""
    data, rounds, passes = programs.data, 2, 0 if quick else 4
    lacking = []
    once = [[programs.virtual, data, "binary"], [programs.virtual, data, "compact"],
            [programs.memcpy, data]]

    samples.alternate(once if quick else once + [[programs.c_glib, data, "binary"]], 1)
    for protocol, peers in (("binary", [programs.templates, data, "binary"]),
                            ("compact", [programs.templates, data, "compact"]),
                            ("tjson", [programs.virtual, data, "json"]),
                            ("json", [programs.jansson, data])):
        pair = [peers]
        if programs.dynamic and works(programs.ours(protocol)):
            pair.append(programs.ours(protocol))
            if programs.native and protocol in ("binary", "compact"):
                pair.append(programs.ours_native(protocol))
        else:
            lacking.append(protocol)
        typed = protocol in ("binary", "compact")
        samples.alternate(pair, rounds if typed else rounds // 2)
        alternate_closely(samples, pair, passes if typed else passes // 4, 4)
    return lacking


def works(command):
    """A protocol that the library does not have (yet) is a clean failure of our program."""
    done = subprocess.run(command, env={**os.environ, "BENCH_ITERATIONS": "1"},
                          capture_output=True, text=True, timeout=60, check=False)
    if done.returncode != 0:
        print("not measured: %s: %s" % (" ".join(command[-1:]), done.stderr.strip()),
              file=sys.stderr)
    return done.returncode == 0


def print_times(samples, operation, base):
    """One row per implementation: time, and in brackets the ratio to `base`."""
    rows = []
    for name in sorted({key[0] for key in samples.lines if key[2] == operation}):
        row = [name]
        for payload in PAYLOADS:
            sample = samples.median(name, payload, operation)
            peer = samples.median(base[0], payload, base[1])
            row.append("–" if sample is None else "%s (%.2f)" % (duration(sample.ns),
                                                                 sample.ns / peer.ns))
        rows.append(row + [""])
    table("%s: time (÷ %s %s)" % (operation, base[0], base[1]), ["", *PAYLOADS.values(), ""], rows)


def ratios(report, samples, name, what, goals, ours, peer):
    """One figure per payload and their geometric mean over a to e. `goals`: (mean, each)."""
    values = {}
    for payload in PAYLOADS:
        own, other = (samples.median(key[0], payload, key[1]) for key in (ours, peer))
        values[payload] = report.ratio("%s.%s" % (name, payload), what, own.ns, other.ns,
                                       goals[1] if payload in MEAN else None, peer[0])
    report.figure(name, what + ", geometric mean of a to e",
                  geometric_mean([values[payload] for payload in MEAN]), goals[0], peer=peer[0])
    paired = [samples.paired(ours, peer, payload) for payload in MEAN]
    if None not in paired:
        report.figure(name + ".paired", what + ", the same of medians of the rounds' ratios",
                      geometric_mean(paired), peer=peer[0])


def add_time_figures(report, samples, lacking, programs):
    compact = "apache-templates-compact"
    if "binary" not in lacking:
        ours = "rethrift-binary"
        ratios(report, samples, "G1", "binary decode, fresh memory", (0.25, 0.70),
               (ours, "decode"), (TEMPLATES, "decode"))
        ratios(report, samples, "G2", "binary decode, memory used again", (0.14, 0.40),
               (ours, "decode-reuse"), (TEMPLATES, "decode-reuse"))
        ratios(report, samples, "G3", "binary encode", (0.34, 0.60),
               (ours, "encode"), (TEMPLATES, "encode"))
        report.ratio("G6.build", "a User built and read by name ÷ built and encoded",
                     samples.median(ours, "a", "build").ns,
                     samples.median(TEMPLATES, "a", "build").ns, 1.0, TEMPLATES)
    if "compact" not in lacking:
        ours = "rethrift-compact"
        ratios(report, samples, "G4.encode", "compact encode", (0.34, None), (ours, "encode"),
               (compact, "encode"))
        ratios(report, samples, "G4.decode", "compact decode, fresh memory", (0.26, None),
               (ours, "decode"), (compact, "decode"))
    for protocol in ("binary", "compact"):
        if protocol not in lacking:
            add_partial_reads(report, samples, protocol)
            if programs.native:
                add_native(report, samples, protocol)
    for protocol, peer, goal in (("tjson", "apache-tjson", 0.05), ("json", "jansson", 0.125)):
        if protocol not in lacking:
            both_ways(report, samples, "G7." + protocol, "rethrift-" + protocol, peer, goal)


def add_native(report, samples, protocol):
    """Records beside the program's own structs, in both directions (G6)."""
    values, paired = [], []
    names = ("rethrift-" + protocol, "rethrift-native-" + protocol)
    for operation, what in (("encode", "encode"), ("decode-reuse", "decode")):
        for payload in MEAN:
            own, other = (samples.median(name, payload, operation) for name in names)
            paired.append(samples.paired(*((name, operation) for name in names), payload))
            values.append(report.ratio("G6.%s.%s.%s" % (protocol, what, payload),
                                       "%s %s, records ÷ native structs" % (protocol, what),
                                       own.ns, other.ns, None, "rethrift-native-" + protocol))
    name = "G6" if protocol == "binary" else "G6." + protocol
    what = "%s, records ÷ native structs, worst of a to e both ways" % protocol
    report.figure(name, what, max(values), 1.1, peer=names[1])
    if None not in paired:
        report.figure(name + ".paired", what + ", of medians of the rounds' ratios", max(paired),
                      peer=names[1])


def add_partial_reads(report, samples, protocol):
    """One path of a message, by where it stands, beside decoding all of it into used memory."""
    ours = "rethrift-" + protocol
    for payload in "cde":
        whole = samples.median(ours, payload, "decode-reuse").ns
        for where in ("front", "middle", "late"):
            report.ratio("partial.%s.%s.%s" % (protocol, payload, where),
                         "one path, %s of %s ÷ all of it decoded" % (where, PAYLOADS[payload]),
                         samples.median(ours, payload, "peek-" + where).ns, whole, 0.1, ours)


def both_ways(report, samples, name, ours, peer, goal):
    """Encode and decode count alike: each payload's figure is the geometric mean of the two."""
    values = []
    for payload in MEAN:
        pair = []
        for operation in ("encode", "decode"):
            own, other = (samples.median(who, payload, operation) for who in (ours, peer))
            pair.append(report.ratio("%s.%s.%s" % (name, operation, payload),
                                     "%s, %s" % (ours, operation), own.ns, other.ns, None, peer))
        values.append(geometric_mean(pair))
    report.figure(name, ours + ", encode and decode, geometric mean of a to e",
                  geometric_mean(values), goal, peer=peer)


def add_instructions(report, programs, quick):
    """Exact: the difference of two runs of known length under callgrind (G5)."""
    worst, rows = {}, []
    for operation, theirs in (("encode", "encode"), ("decode", "decode-reuse")):
        for payload in "ab" if quick else "abce":
            few, many = (2, 12) if payload in "ce" else (100, 600)
            counts = []
            for command in (programs.ours("binary"), [programs.templates, programs.data, "binary"]):
                runs = [runner.instructions(command, {
                    "BENCH_ITERATIONS": str(times), "BENCH_PAYLOADS": payload,
                    "BENCH_OPERATION": theirs}) for times in (few, many)]
                counts.append((runs[1] - runs[0]) / (many - few))
            goal = 0.65 if operation == "encode" else 0.45
            report.figure("G5.%s.%s" % (operation, payload), "instructions, binary " + theirs,
                          counts[0] / counts[1], goal, peer=TEMPLATES)
            worst[operation] = max(worst.get(operation, 0), counts[0] / counts[1])
            rows.append(["%s %s" % (theirs, payload), "%.0f" % counts[1], "%.0f" % counts[0],
                         "%.2f" % (counts[0] / counts[1]), ""])
    table("Instructions per operation", ["", TEMPLATES, "rethrift-binary", "ratio", ""], rows)
    for operation, value in worst.items():
        report.figure("G5." + operation, "instructions, binary %s, worst payload" % operation,
                      value, 0.65 if operation == "encode" else 0.45, peer=TEMPLATES)


def add_allocations(report, programs):
    """A run of its own under the counter, since counting costs time (G14)."""
    counted, rows = runner.Samples(), []
    env = {"LD_PRELOAD": programs.counter, "BENCH_MS": "1", "BENCH_SAMPLES": "1"}
    counted.alternate([programs.ours("binary"), [programs.templates, programs.data, "binary"]], 1,
                      env)
    for name in (TEMPLATES, "rethrift-binary"):
        for operation in ("encode", "decode", "decode-reuse"):
            rows.append(["%s %s" % (name, operation)] + [
                str(counted.median(name, payload, operation).allocations)
                for payload in PAYLOADS] + [""])
    table("Allocations per operation", ["", *PAYLOADS.values(), ""], rows)
    report.figure("G14", "allocations, decode into used memory and encode, worst payload",
                  max(counted.median("rethrift-binary", payload, "encode").allocations +
                      counted.median("rethrift-binary", payload, "decode-reuse").allocations
                      for payload in PAYLOADS), 0, "allocations")


def add_growth(report, samples):
    """Time per byte of a list a hundred times as long (G15)."""
    for operation in ("encode", "decode-reuse"):
        small, ten, big = (samples.median("rethrift-binary", payload, operation)
                           for payload in ("c", "c10", "c100"))
        for factor, sample in ((10, ten), (100, big)):
            report.figure("G15.%s.%d" % (operation.replace("-reuse", ""), factor),
                          "time per byte at %d× ÷ at 1×, payload c" % factor,
                          (sample.ns / sample.bytes) / (small.ns / small.bytes), 2)


def run(context):
    packages.require(PACKAGES)
    programs = Programs(context.builder)
    samples = runner.Samples()
    lacking = measure(programs, samples, context.quick)

    for operation in ("encode", "decode", "decode-reuse", "build"):
        print_times(samples, operation, (TEMPLATES, operation))
    add_time_figures(context.report, samples, lacking, programs)
    if "binary" not in lacking:
        add_instructions(context.report, programs, context.quick)
        add_allocations(context.report, programs)
        add_growth(context.report, samples)
    return False
