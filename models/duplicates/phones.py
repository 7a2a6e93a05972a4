"""The phone numbers in a field, as people write them: several, with extensions, by a spreadsheet.

Checked by phonenumbers' `is_valid_number`; a number without a country is Chinese.
"""

import re
import unicodedata
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache

from phonenumbers import (
    NumberParseException,
    PhoneNumberFormat,
    format_number,
    is_valid_number,
    parse,
)

from models.duplicates.names import DASHES
from models.texts.text import Text
from models.texts.visible import is_plain, visible

REGION = "CN"
EXTENSION = r"(?:分机号?|分機號?|内线|內線|转|轉|ext(?:ension|n)?|x|#|\*)"
# Also as other writings have them: whatever NFKC turns into one of ; , 、 / |
SEPARATORS = re.compile(
    r"([;,、/|\r\n\v\f\x85\u2028\u2029\u037e\ufe10\ufe11\ufe14\ufe50\ufe51\ufe54，／；｜､]+)"
    rf"(?!\s*{EXTENSION})",
    re.IGNORECASE,
)
WITH_EXTENSION = re.compile(
    rf"[\s,;(]*{EXTENSION}\s*[:.=]?\s*\d{{1,8}}[\s)]*", re.IGNORECASE | re.ASCII
)
AFTER_A_DASH = re.compile(rf"\s*[{DASHES}]\s*\d{{2,6}}", re.ASCII)
BY_A_SPREADSHEET = re.compile(r"[='\"]*(\d{5,}\.0+|\d(?:\.\d+)?e\+?\d{1,2})\"?", re.I | re.ASCII)
MOBILE = re.compile(
    r"(?:\+86 ?)?(1(?:[38]\d|4[57]|[59][0-35-9]|6[25-7]|7[0-35-8]))[ -]?(\d{4})[ -]?(\d{4})",
    re.ASCII,
)
MOBILE_LENGTH = 11
LOST_DIGITS = "has {number}: a spreadsheet lost its last digits, type all of them"


def phone_keys(field: str) -> tuple[str, ...]:
    """Return each valid number in the field once, as E.164 without its extension."""
    if mobile := _mobile(field):
        return (mobile,)
    keys = (phone_key(number) for number in _numbers(repaired(field)))
    return tuple(dict.fromkeys(key for key in keys if key))


def phone_problem(field: str) -> str | None:
    """Return what is wrong with the first wrong number, by its words; None if all are valid."""
    if _mobile(field):
        return None
    numbers = list(_numbers(repaired(field)))
    wrong = next((number for number in numbers if not phone_key(number)), None)
    if wrong:
        return _problem(wrong)
    return None if numbers else "must be a phone number, e.g. 13812345678 or 010-12345678"


def repaired(field: str) -> str:
    """Return the field with what a spreadsheet has made of its numbers undone."""
    return field if _mobile(field) else "".join(map(_repaired, SEPARATORS.split(field)))


def phone_key(number: str) -> str | None:
    """Return one number as E.164 without its extension, None if it is not valid."""
    plain = _plain(number)
    return _mobile(plain) or parsed_phone(plain)


def _mobile(field: str) -> str | None:
    """Return the key of a field that is a mobile number and nothing else, as most are."""
    found = MOBILE.fullmatch(field)
    return f"+86{found[1]}{found[2]}{found[3]}" if found else None


@lru_cache(maxsize=16384)
def parsed_phone(number: str) -> str | None:
    whole = _without_end(WITH_EXTENSION, number)
    return _e164(whole) or _e164(_without_end(AFTER_A_DASH, whole))


def _numbers(field: str) -> Iterator[str]:
    return (part for each in SEPARATORS.split(field)[::2] if (part := _plain(each)))


def _plain(number: str) -> str:
    if is_plain(number):
        return number.strip()
    return visible(unicodedata.normalize("NFKC", visible(number))).strip()


def _without_end(pattern: re.Pattern[str], number: str) -> str:
    """Return the number up to the last place from which the pattern matches all that is left."""
    found = next((each for each in pattern.finditer(number) if each.end() == len(number)), None)
    return number[: found.start()] if found else number


def _e164(number: str) -> str | None:
    if _is_short_of_a_mobile(number):
        return None
    try:
        parsed = parse(number, REGION)
    except NumberParseException:
        return None
    return format_number(parsed, PhoneNumberFormat.E164) if is_valid_number(parsed) else None


def _is_short_of_a_mobile(number: str) -> bool:
    """Return whether it begins with 1, without a country, but has not 11 digits."""
    digits = re.sub(r"[^\d+]", "", number, flags=re.ASCII)
    return digits.startswith("1") and len(digits) != MOBILE_LENGTH


def _repaired(part: str) -> str:
    found = BY_A_SPREADSHEET.fullmatch(_plain(part))
    return _written_out(found[1]) or part if found else part


def _written_out(number: str) -> str | None:
    """Return 1.3800000001E+10 as 13800000001, None if it has too few digits: 1.38E+10."""
    mantissa, _, exponent = number.lower().partition("e")
    if exponent and len(mantissa.partition(".")[2]) < int(exponent):
        return None
    value = Decimal(number)
    return str(int(value)) if value == int(value) else None


def _problem(number: str) -> str:
    if BY_A_SPREADSHEET.fullmatch(number):
        return Text(LOST_DIGITS, number=number)
    if _is_short_of_a_mobile(_without_end(WITH_EXTENSION, number)):
        return Text(
            "has {number}, which begins with 1: a mobile number must have 11 digits", number=number
        )
    return Text(
        "has {number}, which is not a phone number, e.g. 13812345678 or 010-12345678", number=number
    )
