"""The media type of the answer, from the header Accept.

By https://graphql.github.io/graphql-over-http/draft, 6.1. A client that names no
type of ours gets JSON with the statuses that it has always had. One that names events and
neither JSON nor any type gets events.
"""

import re
from functools import lru_cache

JSON = "application/json"
GRAPHQL = "application/graphql-response+json"
EVENTS = "text/event-stream"
LONGEST = 500
# RFC 9110, 12.5.1: a media type with its parameters, and its weight.
WANTED = re.compile(
    r"\s*([a-z+*.-]+/[a-z+*.-]+)\s*(?:;\s*(?!q=)[\w-]+=[^;,]*)*"
    r"(?:;\s*q=(0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)\s*)?",
    re.IGNORECASE,
)


def answer_type(accepted: str | None) -> str:
    """Return GRAPHQL where the client wants it at least as much as JSON, else JSON or EVENTS."""
    if not accepted or len(accepted) > LONGEST:
        return JSON
    lower = accepted.lower()
    return _best(accepted) if "graphql-response" in lower or EVENTS in lower else JSON


def accepts_events(accepted: str | None) -> bool:
    """Whether a subscription may be answered with events."""
    if not accepted or len(accepted) > LONGEST or EVENTS not in accepted.lower():
        return False
    return _weights(accepted).get(EVENTS, 0.0) > 0


@lru_cache(maxsize=256)
def _best(accepted: str) -> str:
    weights = _weights(accepted)
    wanted, plain = weights.get(GRAPHQL, 0.0), weights.get(JSON, 0.0)
    if wanted and wanted >= plain:
        return GRAPHQL
    others = plain or weights.get("application/*") or weights.get("*/*")
    return EVENTS if weights.get(EVENTS) and not others else JSON


def _weights(accepted: str) -> dict[str, float]:
    matches = map(WANTED.fullmatch, accepted.split(","))
    return {match[1].lower(): float(match[2] or 1) for match in matches if match}
