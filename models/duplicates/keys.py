"""The exact keys by which two customers are duplicates."""

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache

from phonenumbers import (
    NumberParseException,
    PhoneNumberFormat,
    format_number,
    is_possible_number,
    parse,
)

from models.duplicates.regions import without_region

REGION = "CN"
MOBILE = re.compile(r"(?:\+86 ?)?(1[3-9][0-9])[ -]?([0-9]{4})[ -]?([0-9]{4})")
NOT_A_SIGN = re.compile(r"[\W_]+")
BETWEEN = re.compile(r"[\s()\[\]{}<>【】《》〈〉「」『』〔〕\"'“”‘’·•、,.。;:_\-—–/\\|!?]+")
PROVINCE_OF_A_CITY = re.compile(r"^\w{2,3}省(?=\w{2,4}市)")
REGION_WORD = re.compile(r"^(\w{2,3}(?=省)|\w{2,4}?(?=市(?!场)))[省市](?=\w)")
COMPANY = re.compile(r"(?:股份有限公司|有限责任公司|有限公司|(?<![分子])公司)$")
COMPANY_IN_ENGLISH = re.compile(
    r"(?:\b(?:co|company|corp|corporation|inc|incorporated|limited|llc|ltd)\b\W*)+$"
)


def normalise_name(name: str) -> str:
    """Return the name without case, width, spaces, brackets, kind of company and region.

    The region stays, without its 省 or 市, where only common words would be left.
    """
    plain = unicodedata.normalize("NFKC", name).casefold().strip()
    core = BETWEEN.sub("", COMPANY_IN_ENGLISH.sub("", plain))
    core = COMPANY.sub("", core) or BETWEEN.sub("", plain) or plain
    if (rest := without_region(core)) != core:
        return rest
    return REGION_WORD.sub(r"\1", PROVINCE_OF_A_CITY.sub("", core))


def phone_key(phone: str) -> str | None:
    """Return the number as E.164, None if it is impossible; without a country it is Chinese."""
    mobile = MOBILE.fullmatch(phone.strip())
    return "+86" + "".join(mobile.groups()) if mobile else parsed_phone(phone)


@lru_cache(maxsize=16384)
def parsed_phone(phone: str) -> str | None:
    try:
        number = parse(phone, REGION)
    except NumberParseException:
        return None
    if not is_possible_number(number):
        return None
    return format_number(number, PhoneNumberFormat.E164)


def email_key(email: str) -> str | None:
    return unicodedata.normalize("NFKC", email).strip().casefold() or None


def registration_key(number: str) -> str | None:
    return NOT_A_SIGN.sub("", unicodedata.normalize("NFKC", number)).upper() or None


def keys_of(known: Mapping[str, str | None]) -> dict[str, str | None]:
    """Return the exact keys by the names of their columns."""
    phone, email, number = (known.get(each) for each in ("phone", "email", "registrationNumber"))
    return {
        "name_key": normalise_name(known["name"] or ""),
        "phone_key": phone_key(phone) if phone else None,
        "email_key": email_key(email) if email else None,
        "registration_key": registration_key(number) if number else None,
    }
