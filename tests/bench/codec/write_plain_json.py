#!/usr/bin/python3
"""Writes the payloads as plain JSON (field names, binary as base64), from their binary form.

    write_plain_json.py payloads.thrift DIRECTORY
"""

import base64
import json
import os
import sys

import thriftpy
from thriftpy.thrift import TType
from thriftpy.transport import TMemoryBuffer
from thriftpy.protocol.binary import TBinaryProtocol

PAYLOADS = {"a": "User", "b": "Mixed", "c": "Users", "c10": "Users", "c100": "Users",
            "d": "Numeric", "e": "Document", "f": "Blob"}
BINARY_FIELDS = {("Mixed", "token"), ("Blob", "data")}


def plain(value):
    """Structs to objects, the rest as it is. Map keys of the payloads are all strings."""
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if not hasattr(value, "thrift_spec"):
        return value
    name, out = type(value).__name__, {}
    for _, spec in sorted(value.thrift_spec.items()):
        item = getattr(value, spec[1])
        if item is None:
            continue
        if (name, spec[1]) in BINARY_FIELDS:
            item = base64.b64encode(item if isinstance(item, bytes)
                                    else item.encode("utf-8")).decode("ascii")
        out[spec[1]] = bool(item) if spec[0] == TType.BOOL else plain(item)
    return out


def main():
    module = thriftpy.load(sys.argv[1], module_name="payloads_thrift")
    for payload, name in PAYLOADS.items():
        with open(os.path.join(sys.argv[2], payload + ".binary"), "rb") as file:
            value = getattr(module, name)()
            TBinaryProtocol(TMemoryBuffer(file.read())).read_struct(value)
        with open(os.path.join(sys.argv[2], payload + ".json"), "w", encoding="utf-8") as file:
            json.dump(plain(value), file, separators=(",", ":"))


main()
