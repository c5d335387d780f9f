"""Debian packages that a suite needs: which are missing, and how to get them."""

import shutil
import subprocess
import sys

BUILD = ["gcc", "g++", "meson", "ninja-build", "pkg-config", "util-linux"]


def missing(packages):
    """Those of `packages` that dpkg does not know as installed."""
    absent = []
    for package in packages:
        status = subprocess.run(["dpkg-query", "-W", "-f", "${db:Status-Status}", package],
                                capture_output=True, text=True, check=False)
        if status.stdout != "installed":
            absent.append(package)
    return absent


def require(packages):
    """Leave with status 2 and the command to type when something is missing."""
    wanted = BUILD + [package for package in packages if package not in BUILD]
    if shutil.which("dpkg-query") is None:
        print("note: no dpkg here, so nothing was checked; needed, by Debian's names: "
              + " ".join(wanted))
        return
    absent = missing(wanted)
    if absent:
        print("missing: " + " ".join(absent), file=sys.stderr)
        print("install: sudo apt-get install -y --no-install-recommends " + " ".join(absent),
              file=sys.stderr)
        sys.exit(2)
