"""Masked contacts, for viewers who do not hold the customer."""

import re
import unicodedata

MOBILE = re.compile(r"(?:\+?86|0086)?(1[3-9][0-9])[0-9]{4}([0-9]{4})")
SHORTEST_SHOWN = 7


def mask_phone(phone: str) -> str:
    """Return 138****5678; of another number at most half: its first and last digits."""
    plain = unicodedata.normalize("NFKC", phone).strip()
    digits = "".join(each for each in plain if each in "0123456789")
    mobile = MOBILE.fullmatch(digits)
    if mobile:
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
