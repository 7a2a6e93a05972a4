"""How often a worker looks for what is to be sent, and how much it sends at a time."""

from dataclasses import dataclass
from datetime import timedelta

from models.webhooks.guarded_post import ATTEMPT_SECONDS


@dataclass(frozen=True, slots=True)
class Pace:
    """How often a worker reads the ledger, and how many attempts it makes at a time.

    At most `each` of `most` attempts go to one URL, at most `part` to those of one organization.
    `lease` is longer than an attempt may take.
    """

    seconds: float = 0.5
    each: int = 8
    part: int = 50
    most: int = 200
    attempt_seconds: float = ATTEMPT_SECONDS
    lease: timedelta = timedelta(seconds=30)
