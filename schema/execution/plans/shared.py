"""Completes a value once that many objects of a list share: a pool, an owner, the same refusal."""

from typing import Any

from schema.execution.plans.places import Place
from schema.execution.plans.run import Completes, Finish, Run

# A list whose objects share nothing would fill the memory for nothing.
MOST = 64


def once(field: Completes, finish: Finish) -> Finish:
    """Return `finish`, for a field: its answer depends on the value and the run alone.

    What still waits belongs to one place, and an error has one path: such a value is completed
    again.
    """

    def finish_once(value: Any, place: Place, run: Run) -> Any:
        known = run.shared.get((field, id(value)))
        if known:
            return known[1]
        before = len(run.waiting), len(run.later), run.failures
        completed = finish(value, place, run)
        after = len(run.waiting), len(run.later), run.failures
        if after == before and len(run.shared) < MOST:
            # Kept with the value: nothing else gets its id.
            run.shared[field, id(value)] = value, completed
        return completed

    return finish_once
