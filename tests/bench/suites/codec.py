"""codec: bytes to values and back beside Apache C++, c_glib and Jansson (G1 to G7, G14, G15)."""

import os

from harness import builder as building
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


def measure_peers(programs, samples, quick):
    """The peers that nothing is divided by: once is enough."""
    data = programs.data
    commands = [[programs.virtual, data, "binary"], [programs.virtual, data, "compact"],
                [programs.memcpy, data]]
    if not quick:
        commands.append([programs.c_glib, data, "binary"])
    samples.alternate(commands, 1)


def print_times(samples, operation, base):
    """One row per implementation: time, and in brackets the ratio to `base`."""
    rows = []
    for name in sorted({key[0] for key in samples.lines if key[2] == operation}):
        row = [name]
        for payload in PAYLOADS:
            sample, peer = (samples.median(implementation, payload, op)
                            for implementation, op in ((name, operation), base))
            row.append("–" if sample is None else duration(sample.ns) + (
                "" if peer is None else " (%.2f)" % (sample.ns / peer.ns)))
        rows.append(row + [""])
    table("%s: time (÷ %s %s)" % (operation, base[0], base[1]), ["", *PAYLOADS.values(), ""], rows)


def run(context):
    packages.require(PACKAGES)
    programs = Programs(context.builder)
    samples = runner.Samples()
    rounds = 2 if context.quick else 6

    measure_peers(programs, samples, context.quick)
    samples.alternate([[programs.templates, programs.data, "binary"],
                       [programs.templates, programs.data, "compact"]], rounds)
    samples.alternate([[programs.virtual, programs.data, "json"],
                       [programs.jansson, programs.data]], 1 if context.quick else 2)
    print_times(samples, "encode", (TEMPLATES, "encode"))
    print_times(samples, "decode", (TEMPLATES, "decode"))
    print_times(samples, "decode-reuse", (TEMPLATES, "decode-reuse"))
