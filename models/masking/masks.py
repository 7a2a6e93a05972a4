"""Masked contacts, for viewers who do not hold the customer: in their fields and in any text."""

import re
import unicodedata
from collections.abc import Callable, Collection

from models.masking.contacts import Found, find_contacts, may_have_contact
from models.masking.folding import digits_of
from models.rules.rules import MASKED

MOBILE = re.compile(r"(?:\+?86|0086)?(1[3-9][0-9])[0-9]{4}([0-9]{4})")
NO_DIGITS = re.compile(r"[^0-9]+")
SHORTEST_SHOWN = 7
# Between the numbers of one field, also in full width.
BETWEEN = re.compile(r"([;,、/|\n\r；，／｜]+)")


def mask_text(text: str, fields: Collection[str]) -> str:
    """Return the text with its phone numbers and email addresses masked.

    `fields` are those that the viewer may not see: PHONE, EMAIL or both, as the pool's rules say.
    """
    return _replaced(text, fields, _masked) if may_have_contact(text) else text


def remove_contacts(text: str) -> str:
    """Return the text with a star in place of each phone number and name of an email address."""
    return _replaced(text, MASKED, lambda _: "*") if may_have_contact(text) else text


def mask_phone(phone: str) -> str:
    """Return 138****5678; of another number at most half: its first and last digits.

    Of several numbers in one field each is masked.
    """
    if mobile := MOBILE.fullmatch(phone):
        return f"{mobile[1]}****{mobile[2]}"
    return "".join(
        each if n % 2 else _mask_number(each) for n, each in enumerate(BETWEEN.split(phone))
    )


def _replaced(text: str, fields: Collection[str], shown: Callable[[Found], str]) -> str:
    parts, end = [], 0
    for found in find_contacts(text, fields):
        parts += [text[end : found.start], shown(found)]
        end = found.end
    return "".join([*parts, text[end:]])


def _masked(found: Found) -> str:
    if found.kind == "ADDRESS":
        return mask_email(f"{found.signs}@")
    digits = digits_of(found.signs)
    return f"{digits[:3]}****{digits[-4:]}" if found.kind == "MOBILE" else _mask_number(digits)


def _mask_number(phone: str) -> str:
    plain = (phone if phone.isascii() else unicodedata.normalize("NFKC", phone)).strip()
    digits = NO_DIGITS.sub("", plain)
    if mobile := MOBILE.fullmatch(digits):
        return f"{mobile[1]}****{mobile[2]}"
    if len(digits) < SHORTEST_SHOWN:
        return "*" * len(plain)
    shown = len(digits) // 2
    head = min(3, shown // 2)
    tail = min(4, shown - head)
    return digits[:head] + "*" * (len(digits) - head - tail) + digits[-tail:]


def mask_email(email: str) -> str:
    """Return l*****@x.cn; always five stars, so that the length stays hidden."""
    name, at, domain = email.strip().rpartition("@")
    if not at:
        return "*" * len(email.strip())
    return (name[0] if len(name) > 2 else "") + "*****@" + domain


def mask_person(person: str) -> str:
    name = person.strip()
    return "*" if len(name) == 1 else name[:1] + "*" * (len(name) - 1)
