"""The machine's Chromium, in which the console's tests run."""

import os
import shutil

# Without a window a page costs half.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
# Where the browser must be there, e.g. `BROWSER_TESTS=required`, nothing is left out.
REQUIRED = os.environ.get("BROWSER_TESTS") == "required"


def chromium() -> str | None:
    """Return its path, None if there is none."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)
