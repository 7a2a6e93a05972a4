"""Where promtool is: Prometheus' own checker of rules, in Debian's package prometheus."""

import os
import shutil

# Where it must be there, e.g. `PROMTOOL_TESTS=required`, nothing is left out.
REQUIRED = os.environ.get("PROMTOOL_TESTS") == "required"


def promtool() -> str | None:
    return shutil.which("promtool")
