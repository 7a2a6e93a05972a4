"""The same releases by graphile-worker: a delayed job and a statement for each, tuned."""

import json
import os
import subprocess
from collections.abc import Sequence

from engines.child import environment_of
from settings import Settings

# As its documentation advises for much work: jobs at once, and jobs fetched by one statement.
CONCURRENCY = 24
FETCHED = 500


def releases_a_second(command: Sequence[str], settings: Settings) -> float:
    """Release all that is due, after a job for each was queued; return how many a second."""
    environment = os.environ | environment_of(settings)
    tuning = (str(CONCURRENCY), str(FETCHED))
    done = subprocess.run(
        [*command, *tuning], env=environment, stdout=subprocess.PIPE, check=True, timeout=900
    )
    found = json.loads(done.stdout)
    assert found["released"] == found["armed"] > 0, found
    return float(found["released"] / found["seconds"])
