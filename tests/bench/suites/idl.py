"""idl: definition text to a schema beside the Apache compiler and ThriftPy (G12, G15)."""

import os

from harness import packages, runner
from harness.definitions import definition
from harness.report import duration, table

PACKAGES = ["thrift-compiler", "python3-thriftpy"]
# structs in the file -> its name
FILES = {100: "46K", 400: "188K", 2000: "970K", 21000: "10M"}
READY, LARGE = "188K", "970K"


def write_files(builder):
    """ThriftPy does not know `i8`, so it gets files of its own that say `byte`."""
    paths = {}
    for structs, name in FILES.items():
        for i8 in ("i8", "byte"):
            path = builder.output("definitions", i8, name)
            path += ".thrift" if i8 == "byte" else ""
            if not os.path.exists(path):
                with open(path, "w", encoding="ascii") as file:
                    file.write(definition(structs, i8))
            paths[i8, name] = path
    return paths


def measure_compiler(builder, paths, samples, quick):
    """`thrift --audit A A` reads A twice; what an empty definition costs is start-up."""
    empty = builder.output("definitions", "empty.thrift")
    with open(empty, "w", encoding="ascii") as file:
        file.write("struct A {}\n")
    runs = 3 if quick else 11
    start = runner.child_cpu_ms(["thrift", "--audit", empty, empty], runs)
    for name in FILES.values():
        path = paths["i8", name]
        # The biggest file takes seconds.
        once = (runner.child_cpu_ms(["thrift", "--audit", path, path],
                                    1 if name == "10M" else runs) - start) / 2
        samples.add("apache-compiler\t%s\tload\t%.0f\t%d\t-1\t-1\n" % (
            name, once * 1e6, os.path.getsize(path)))


def print_times(samples):
    rows = []
    for implementation, operation in (("apache-compiler", "load"), ("thriftpy", "load"),
                                      ("rethrift", "cold"), ("rethrift", "load"),
                                      ("rethrift", "ready")):
        row = [implementation + " " + operation]
        for name in FILES.values():
            sample = samples.median(implementation, name, operation)
            row.append("–" if sample is None else "%s, %.1f MB/s" % (
                duration(sample.ns), sample.bytes * 1e3 / sample.ns))
        rows.append(row + [""])
    table("CPU time per file", ["", *FILES.values(), ""], rows)


def add_figures(report, samples):
    peer = "thrift --audit"
    load = samples.median("rethrift", LARGE, "load")
    base = samples.median("apache-compiler", LARGE, "load")
    report.figure("G12.parse", "definition text to schema: parsed, resolved, checked",
                  load.bytes * 1e3 / load.ns, 50, "MB/s", peer, load.ns, base.ns, least=True)
    ready = samples.median("rethrift", READY, "ready")
    base = samples.median("apache-compiler", READY, "load")
    cold = samples.median("rethrift", READY, "cold")
    report.figure("G12.cold", "188 KB, first load of a process, the kernel's work included",
                  cold.ns / 1e6, None, "ms", peer, cold.ns,
                  samples.median("apache-compiler", READY, "load").ns)
    report.figure("G12.ready", "400 structs, 188 KB: text to the first encoded record",
                  ready.ns / 1e6, 5, "ms", peer, ready.ns, base.ns)
    report.ratio("G12.cold.ratio", "the first load ÷ the Apache compiler's parser alone", cold.ns,
                 base.ns, None, peer)
    for name in FILES.values():
        ours, base = (samples.median(*key) for key in (("rethrift", name, "load"),
                                                       ("apache-compiler", name, "load")))
        report.ratio("G12.load." + name, "text to schema against the Apache compiler's parser",
                     ours.ns, base.ns, None, peer)
    small, big = (samples.median("rethrift", name, "load") for name in ("46K", "10M"))
    report.figure("G15.parse", "time per byte at 10 MB ÷ at 46 KB",
                  (big.ns / big.bytes) / (small.ns / small.bytes), 2)


def run(context):
    packages.require(PACKAGES)
    builder, samples = context.builder, runner.Samples()
    paths = write_files(builder)
    names = list(FILES.values())
    ours = builder.own_program("idl_load", [builder.source("idl", "load.c")])

    measure_compiler(builder, paths, samples, context.quick)
    # ThriftPy needs ten seconds for the biggest file.
    thriftpy = ["/usr/bin/python3", builder.source("idl", "thriftpy_load.py")] + \
        [paths["byte", name] for name in names[:2 if context.quick else 3]]
    samples.add(runner.output_of(runner.pinned(thriftpy)).replace(".thrift\t", "\t"))
    if ours is not None:
        samples.alternate([[ours, paths["i8", name]] for name in names],
                          2 if context.quick else 5)
    print_times(samples)
    if ours is None:
        return False
    add_figures(context.report, samples)
    return True
