"""The media type of the answer, from the header Accept.

By https://graphql.github.io/graphql-over-http/draft, 6.1. A client that names no
type of ours gets JSON with the statuses that it has always had.
"""

import re
from functools import lru_cache

JSON = "application/json"
GRAPHQL = "application/graphql-response+json"
LONGEST = 500
# RFC 9110, 12.5.1: a media type with its parameters, and its weight.
WANTED = re.compile(
    r"\s*([a-z+*.-]+/[a-z+*.-]+)\s*(?:;\s*(?!q=)[\w-]+=[^;,]*)*"
    r"(?:;\s*q=(0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)\s*)?",
    re.IGNORECASE,
)


def answer_type(accepted: str | None) -> str:
    """Return GRAPHQL where the client wants it at least as much as JSON, else JSON."""
    if not accepted or len(accepted) > LONGEST or "graphql-response" not in accepted.lower():
        return JSON
    return _best(accepted)


@lru_cache(maxsize=256)
def _best(accepted: str) -> str:
    weights: dict[str, float] = {}
    for each in accepted.split(","):
        if match := WANTED.fullmatch(each):
            weights[match[1].lower()] = float(match[2] or 1)
    wanted = weights.get(GRAPHQL, 0.0)
    return GRAPHQL if wanted and wanted >= weights.get(JSON, 0.0) else JSON
