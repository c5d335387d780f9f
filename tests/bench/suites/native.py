"""native: one call in memory by native, dynamic, hand-written and Apache's handlers."""

import glob
import os

from harness import packages, runner
from harness.report import duration, table

PACKAGES = ["thrift-compiler", "libthrift-dev", "libboost-dev", "libffi-dev", "valgrind"]
HAND, THUNK, FFI, DYNAMIC = "by hand", "rethrift thunk", "rethrift libffi", "rethrift dynamic"
VIRTUAL, TEMPLATES = "Apache C++", "Apache C++ templates"
OPERATIONS = {HAND: "by hand", THUNK: "thunk", FFI: "libffi", DYNAMIC: "dynamic",
              VIRTUAL: "virtual", TEMPLATES: "templates"}
ITERATIONS = 20000


class Programs:
    def __init__(self, builder):
        self.idl = builder.source("idl", "users.thrift")
        self.counter = builder.program(
            "allocation_counter.so", [builder.source("support", "allocation_counter.c")],
            ["-shared", "-fPIC"])
        self.virtual = self._apache(builder, "cpp:no_skeleton", "users-virtual", [])
        self.templates = self._apache(builder, "cpp:templates,no_skeleton", "users-templates",
                                      ["-DUSE_TEMPLATES"])
        self.ours = self._ours(builder)

    @staticmethod
    def _apache(builder, language, name, arguments):
        idl = builder.source("idl", "users.thrift")
        generated = builder.generate(language, name, idl)
        sources = [os.path.join(generated, file) for file in ("Users.cpp", "users_types.cpp")]
        return builder.program("apache_" + name,
                               [builder.source("native", "apache_processor.cc")] + sources,
                               ["-w", "-I" + generated, "-lthrift"] + arguments, [idl])

    @staticmethod
    def _ours(builder):
        """Dispatch is no public function: the layers themselves are linked."""
        built = builder.rethrift()
        libraries = [path for layer in ("native", "rpc", "transport", "codec", "value", "schema",
                                        "wire", "base")
                     for path in glob.glob(os.path.join(built, "src", layer, "*.a"))]
        others = [name for package in ("libffi", "libuv", "jansson", "zlib", "libxxhash")
                  for name in builder.pkg_config(package)]
        return builder.program(
            "processor", [builder.source("native", "processor.c"),
                          builder.source("native", "by_hand.c")],
            ["-D_GNU_SOURCE", "-I" + os.path.join(builder.root, "include"),
             "-I" + os.path.join(builder.root, "src"), "-Wl,--start-group"] + libraries +
            ["-Wl,--end-group"] + others + ["-lpthread"], libraries)

    def commands(self):
        return [[self.ours, self.idl, "message"], [self.virtual], [self.templates]]

    def command(self, name):
        return {VIRTUAL: [self.virtual], TEMPLATES: [self.templates]}.get(
            name, [self.ours, self.idl, "message"])


def instructions(programs, name, operation):
    """Per run: two runs of known length, subtracted."""
    counts = [runner.instructions(programs.command(name),
                                  {"BENCH_OPERATION": operation,
                                   "BENCH_ITERATIONS": str(times)})
              for times in (ITERATIONS // 10, ITERATIONS)]
    return (counts[1] - counts[0]) / (ITERATIONS - ITERATIONS // 10)


def run(context):
    packages.require(PACKAGES)
    programs = Programs(context.builder)
    samples = runner.Samples()
    samples.alternate(programs.commands(), 2 if context.quick else 6,
                      {"LD_PRELOAD": programs.counter})
    samples.alternate([[programs.ours, programs.idl, "stub"]], 2 if context.quick else 6)
    counted = {name: instructions(programs, name, operation)
               for name, operation in OPERATIONS.items()}
    times = {name: samples.median(name, "a", operation) for name, operation in OPERATIONS.items()}
    hand = times[HAND].ns

    table("Users.echo, 58 B User: message to reply in memory",
          ["", "ns", "÷ by hand", "instructions", "÷ by hand", "allocations", ""],
          [[name, duration(times[name].ns), "%.2f" % (times[name].ns / hand),
            "%.0f" % counted[name], "%.2f" % (counted[name] / counted[HAND]),
            times[name].allocations, ""] for name in OPERATIONS])
    bare = {name: (samples.median(name, "a", operation).ns,
                   instructions(programs, name, operation))
            for name, operation in ((HAND, "user by hand"), (THUNK, "user"),
                                    (FFI, "user libffi"))}
    table("The same User decoded, handled and encoded: no envelope, no look-up",
          ["", "ns", "÷ by hand", "instructions", "÷ by hand", ""],
          [[name, duration(ns), "%.2f" % (ns / bare[HAND][0]), "%.0f" % count,
            "%.2f" % (count / bare[HAND][1]), ""] for name, (ns, count) in bare.items()])
    stub, dynamic = (samples.median(name, "a", "call").ns
                     for name in ("rethrift stub", "rethrift dynamic"))
    table("The same over a socket, CPU time of the calling thread", ["", "ns per call", ""],
          [["a stub", duration(stub), ""], ["thrift_client_call()", duration(dynamic), ""]])
    report = context.report
    report.ratio("N1", "native decode + handler + encode ÷ by hand, thunk", bare[THUNK][0],
                 bare[HAND][0], 1.3, HAND)
    report.figure("N1.instructions", "instructions ÷ by hand, thunk",
                  bare[THUNK][1] / bare[HAND][1], 1.3, peer=HAND)
    report.ratio("N1.message", "a whole message ÷ by hand, thunk", times[THUNK].ns, hand, None,
                 HAND)
    report.ratio("N2", "native decode + handler + encode ÷ by hand, libffi", bare[FFI][0],
                 bare[HAND][0], 3.0, HAND)
    report.figure("N2.instructions", "instructions ÷ by hand, libffi",
                  bare[FFI][1] / bare[HAND][1], 3.0, peer=HAND)
    report.ratio("N2.message", "a whole message ÷ by hand, libffi", times[FFI].ns, hand, None,
                 HAND)
    report.ratio("N3", "dynamic ÷ by hand", times[DYNAMIC].ns, hand, None, HAND)
    report.ratio("N4", "native ÷ Apache C++'s processor, virtual", times[THUNK].ns,
                 times[VIRTUAL].ns, None, VIRTUAL)
    report.ratio("N5", "a stub's call ÷ thrift_client_call()", stub, dynamic, None,
                 "thrift_client_call()")
    return True
