#!/usr/bin/python3
"""thriftpy.load() of each file: CPU time in the format of harness/runner.py.

    thriftpy_load.py FILE…
"""

import os
import statistics
import sys
import time

import thriftpy

SAMPLES = int(os.environ.get("BENCH_SAMPLES", "5"))


def measure(path, number):
    begin = time.thread_time_ns()
    # A module name of its own, since loaded modules are remembered by it.
    thriftpy.load(path, module_name="sample%d_thrift" % number)
    return time.thread_time_ns() - begin


def main():
    number = 0
    for path in sys.argv[1:]:
        times = []
        for _ in range(SAMPLES):
            number += 1
            times.append(measure(path, number))
        print("thriftpy\t%s\tload\t%d\t%d\t-1\t-1" % (
            os.path.basename(path), statistics.median(times), os.path.getsize(path)), flush=True)


main()
