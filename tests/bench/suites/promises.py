"""promises: what hostile bytes and definitions cost, in memory and time (promises 4, 5 and 10)."""

import pathlib
import sys
import tempfile

from harness import packages
from harness.report import duration, table

HOSTILE = pathlib.Path(__file__).resolve().parents[2] / "hostile"
sys.path.insert(0, str(HOSTILE))

# pylint: disable=wrong-import-position
import inputs  # of tests/hostile

# Below so many bytes a call's own overhead counts, not the bytes.
LONG = 4096


def program(builder, name):
    return builder.own_program(name.replace("_", "-"), [
        str(HOSTILE / (name + ".c")), str(HOSTILE.parent / "support" / "allocator.c")],
        ["-I" + str(HOSTILE.parent / "support")])


def print_costs(title, pairs):
    """`pairs`: (what the promise allows, cost); the allowance may be None."""
    rows = []
    for allowed, cost in pairs:
        verdict = "" if allowed is None else "met" if cost.peak <= allowed else "MISSED"
        rows.append([cost.name, cost.size, cost.peak, "%.1f" % (cost.peak / max(cost.size, 1)),
                     duration(cost.ns), verdict, cost.status])
    table(title, ["", "bytes in", "peak", "peak ÷ in", "time", "", "outcome"], rows)


def decode(context, title, ours, definition, cases):
    """[(case, cost)]; the case's name says its protocol."""
    done = [(case, cost._replace(name="%s, %s" % (case.name, case.protocol)))
            for case, cost in inputs.decode_costs(ours, str(definition), list(cases))]
    if not context.quick or len(done) < 50:
        print_costs(title, [(inputs.allowance(case, cost.size), cost) for case, cost in done])
    return done


def add_memory(report, name, what, done):
    """How much of what is allowed the worst took, and how many exceed it."""
    used = {cost.name: cost.peak / inputs.allowance(case, cost.size) for case, cost in done}
    worst = max(used, key=used.get)
    report.figure(name + ".worst", "%s, peak ÷ allowed; the worst is %s" % (what, worst),
                  used[worst], 1)
    report.figure(name + ".missed", "%d %s, of which exceed what is allowed" % (len(used), what),
                  sum(value > 1 for value in used.values()), 0, "inputs")


def measure_decoding(context, ours, folder):
    definition, count = HOSTILE / "hostile.thrift", 10_000 if context.quick else 200_000
    wide = folder / "wide.thrift"
    wide.write_text(inputs.wide_definition())
    wire = decode(context, "Cases of wire.jsonl", ours, definition,
                  inputs.wire_cases(HOSTILE / "wire.jsonl"))
    bombs = decode(context, "%d elements" % count, ours, definition, inputs.bombs(count))
    found = decode(context, "Inputs that fuzzing found", ours, definition, inputs.corpora())
    records = decode(context, "Wide structs with one field: the budget is the bound", ours, wide,
                     [inputs.wide(n) for n in (100, 1_000, 20_000)])
    report = context.report
    add_memory(report, "P4.wire", "cases of wire.jsonl", wire)
    add_memory(report, "P4.elements", "containers",
               [pair for pair in bombs if not pair[0].is_record])
    add_memory(report, "P4.found", "inputs of the fuzz targets", found)
    add_memory(report, "P4.records", "records against the budget",
               records + [pair for pair in bombs if pair[0].is_record])
    long = [cost for _, cost in bombs if cost.size >= LONG]
    worst = max(long, key=lambda cost: cost.ns / cost.size)
    report.figure("P5", "CPU time per byte of input; the worst is " + worst.name,
                  worst.ns / worst.size, 200, "ns/byte")


def measure_loading(context, ours, folder):
    files = list(inputs.load_cases(HOSTILE / "idl.jsonl", folder))
    costs = list(inputs.load_costs(ours, files))
    if not context.quick:
        print_costs("Cases of idl.jsonl", [(inputs.LOAD_BYTES, cost) for cost in costs])
    context.report.figure("P10.time", "the slowest of %d definitions" % len(costs),
                          max(cost.ns for cost in costs) / 1e9, 1, "s")
    context.report.figure("P10.memory", "the most memory for one of them",
                          max(cost.peak for cost in costs) / 2**20, inputs.LOAD_BYTES / 2**20, "MiB")


def run(context):
    packages.require([])
    decode_cases = program(context.builder, "decode_cases")
    load_cases = program(context.builder, "load_cases")
    if decode_cases is None or load_cases is None:
        return False
    with tempfile.TemporaryDirectory() as folder:
        measure_decoding(context, decode_cases, pathlib.Path(folder))
        measure_loading(context, load_cases, pathlib.Path(folder))
    return True
