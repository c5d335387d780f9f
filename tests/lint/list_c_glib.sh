#!/usr/bin/env bash
# Writes c_glib.txt: every symbol and macro of Debian's libthrift-c-glib-dev, which ours must avoid.
set -euo pipefail
export LC_ALL=C
library=$(find /usr/lib -name libthrift_c_glib.so -print -quit)
{
    nm -D --defined-only "$library" | awk '{print $NF}'
    grep -rhoE '^[[:space:]]*#[[:space:]]*define[[:space:]]+\w+' /usr/include/thrift/c_glib |
        awk '{print $NF}'
    # enumerators, and functions that the headers define
    grep -rhvE '^[[:space:]]*#[[:space:]]*include' /usr/include/thrift/c_glib |
        grep -oE '\bTHRIFT_\w+|\bthrift_\w+ *\(' | tr -d ' ('
} | grep -E '^(thrift|THRIFT)_' | sort -u > "$(dirname "$0")/c_glib.txt"
