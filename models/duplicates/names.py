"""The key of a customer's name."""

import re

from models.duplicates.characters import folded, simplified
from models.duplicates.regions import without_region

DASHES = r"\-‐‑‒–—―−"
# Full stops between digits stay: 1.5 is not 15.
BETWEEN = re.compile(
    rf"(?:[\s()\[\]{{}}<>【】《》〈〉「」『』〔〕〖〗\"'“”‘’`·•‧∙⋅・、,。;:_{DASHES}/\\|!?]"
    r"|\.(?!\d)|(?<!\d)\.)+"
)
PROVINCE_OF_A_CITY = re.compile(r"^\w{2,3}省(?=\w{2,4}市)")
REGION_WORD = re.compile(r"^(\w{2,3}(?=省)|\w{2,4}?(?=市(?!场)))[省市](?=\w)")
COMPANY = re.compile(r"(?:股份有限公司|有限责任公司|有限公司|(?<![分子])公司)$")
COMPANY_IN_ENGLISH = re.compile(
    r"(?:\b(?:co|company|corp|corporation|inc|incorporated|limited|llc|ltd)\b\W*)+$"
)


def normalise_name(name: str) -> str:
    """Return what tells the name from others; "" for a name that shows nothing.

    Drops invisible characters, case, width, spaces, brackets, kind of company and region, and
    simplifies traditional characters. The region stays, without its 省 or 市, where only common
    words would be left.
    """
    plain = folded(name)
    core = simplified(BETWEEN.sub("", COMPANY_IN_ENGLISH.sub("", plain)))
    if core and core.isascii():
        return core
    core = COMPANY.sub("", core) or simplified(BETWEEN.sub("", plain)) or plain
    if (rest := without_region(core)) != core:
        return rest
    return REGION_WORD.sub(r"\1", PROVINCE_OF_A_CITY.sub("", core))
