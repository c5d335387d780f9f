"""Debian packages that a suite needs: tools/support/packages.sh installs what is missing."""

import os
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
SCRIPT = ('. "$0/tools/support/packages.sh" && '
          'need_packages "${packages_build[@]}" util-linux "$@"')


def require(packages):
    """Leave with status 2 when something is missing and cannot be installed; it says what."""
    done = subprocess.run(["bash", "-c", SCRIPT, ROOT, *packages], check=False)
    if done.returncode != 0:
        sys.exit(2)
