"""The result of an attempt to post, by the status of the answer."""

import json
from dataclasses import dataclass
from datetime import timedelta

from models.texts import text as texts
from models.texts.text import Text

NO_WAIT = timedelta(0)
LONGEST_WAIT = timedelta(hours=1)
TOO_MANY, UNAVAILABLE = 429, 503


@dataclass(frozen=True, slots=True)
class Answer:
    """`status` is the HTTP status if there is one, `problem` is None if it succeeded.

    `wait` is how long the receiver wants to be left alone, if it says so.
    """

    status: int | None
    problem: Text | None
    wait: timedelta = NO_WAIT

    @property
    def problem_json(self) -> str | None:
        stored = self.problem and texts.to_json(self.problem)
        return json.dumps(stored, ensure_ascii=False) if stored else None


def answer_of_status(status: int, retry_after: str | None) -> Answer:
    """`retry_after` is the header, in seconds; a date is passed over."""
    if 200 <= status < 300:
        return Answer(status, None)
    if 300 <= status < 400:
        elsewhere = Text("it answered {status}: redirects are not followed", status=status)
        return Answer(status, elsewhere)
    wait = wait_of(retry_after) if status in (TOO_MANY, UNAVAILABLE) else NO_WAIT
    return Answer(status, Text("it answered {status}", status=status), wait)


def wait_of(retry_after: str | None) -> timedelta:
    """At most LONGEST_WAIT."""
    if retry_after and retry_after.isascii() and retry_after.isdigit():
        return min(LONGEST_WAIT, timedelta(seconds=int(retry_after[:6])))
    return NO_WAIT
