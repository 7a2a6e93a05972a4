"""Phone numbers and email addresses in any text, in the forms in which people write them.

A number has at least seven digits. Dates, times, amounts and ids are no contacts as far as they can
be told apart; in doubt a number is a phone number.
"""

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import NamedTuple

from models.masking.folding import fold
from models.masking.numbers import phones_in
from models.masking.patterns import (
    ADDRESS,
    BETWEEN_TEXTS,
    FEW_DIGITS_IN_EACH,
    LINE,
    MAY_BEGIN,
    MAY_HAVE_ADDRESS,
    MAY_HAVE_NUMBER,
    MOBILE,
    NO_CONTACT,
    RUN,
)

TAKEN = "囗"
BROAD = re.compile(r"[^\w\s\-\u2010-\u2015\u2212.()·/]|_")
GROUPS = re.compile(r"\w+")

Span = tuple[int, int]


class Found(NamedTuple):
    """A number, or an address up to its @: where it stands in the text, and its folded signs."""

    kind: str
    start: int
    end: int
    signs: str


def may_have_contact(text: str) -> bool:
    """Return False if the text has neither seven digits nor an @, like most texts."""
    begin = MAY_BEGIN.search(text)
    if begin is None:
        return False
    start = begin.start()
    return bool(MAY_HAVE_NUMBER.search(text, start) or MAY_HAVE_ADDRESS.search(text, start))


def any_may_have_contact(texts: Sequence[str]) -> bool:
    """Return False if none of the texts may have a contact; they are looked at together.

    Texts with brackets or an @ are to be looked at one by one.
    """
    together = BETWEEN_TEXTS.join(texts)
    if MAY_BEGIN.search(together) is None:
        return False
    if together.count(BETWEEN_TEXTS) >= len(texts):
        return True
    return not FEW_DIGITS_IN_EACH.fullmatch(together)


def find_contacts(text: str, fields: Collection[str]) -> list[Found]:
    """Return what the text says of PHONE and EMAIL, as far as `fields` names them, in order."""
    folded = fold(text)
    signs, found = folded.signs, []
    for kind, field, may, find in FINDERS:
        if (field and field not in fields) or not may.search(signs):
            continue
        spans = list(find(signs))
        if field:
            found += [
                Found(kind, *folded.original(*place), signs[slice(*named)])
                for place, named in spans
            ]
        for (start, end), _ in spans:
            signs = signs[:start] + TAKEN * (end - start) + signs[end:]
    return sorted(found, key=lambda each: each.start)


def _addresses(signs: str) -> Iterator[tuple[Span, Span]]:
    for match in ADDRESS.finditer(signs):
        yield match.span(), match.span("latin" if match["latin"] else "other")


def _no_contacts(signs: str) -> Iterator[tuple[Span, Span]]:
    for match in NO_CONTACT.finditer(signs):
        yield match.span(), match.span()


def _mobiles(signs: str) -> Iterator[tuple[Span, Span]]:
    match = MOBILE.search(signs)
    while match:
        good = _is_split_like_a_number(match["number"])
        if good:
            yield match.span(), match.span("number")
        match = MOBILE.search(signs, match.end() if good else match.start() + 1)


def _is_split_like_a_number(number: str) -> bool:
    """Among other signs than spaces and dashes, no digit is alone, unless all are."""
    lengths = {len(group) for group in GROUPS.findall(number.replace("_", " "))}
    return not BROAD.search(number) or lengths == {1} or min(lengths) > 1


def _lines(signs: str) -> Iterator[tuple[Span, Span]]:
    for match in LINE.finditer(signs):
        start, end = match.span()
        open_only = match[0].startswith("(") and ")" not in match[0]
        yield (start + open_only, end), (start, end)


def _runs(signs: str) -> Iterator[tuple[Span, Span]]:
    for match in RUN.finditer(signs):
        before, after = signs[max(0, match.start() - 16) : match.start()], signs[match.end() :][:16]
        for start, end in phones_in(match[0], before, after):
            span = (match.start() + start, match.start() + end)
            yield span, span


Finder = Callable[[str], Iterator[tuple[Span, Span]]]
# In this order: what one has found, the next ones do not see. Without a field: nothing is hidden.
# Where the quick pattern finds nothing, nobody would.
FINDERS: tuple[tuple[str, str | None, re.Pattern[str], Finder], ...] = (
    ("ADDRESS", "EMAIL", MAY_HAVE_ADDRESS, _addresses),
    ("NOTHING", None, MAY_HAVE_NUMBER, _no_contacts),
    ("MOBILE", "PHONE", MAY_HAVE_NUMBER, _mobiles),
    ("LINE", "PHONE", MAY_HAVE_NUMBER, _lines),
    ("LINE", "PHONE", MAY_HAVE_NUMBER, _runs),
)
