"""A text as its reader takes it: plain digits and signs, without what nobody sees."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

# What most texts consist of, and what stays as it is.
PLAIN = re.compile(r"[\0-\x7f\u4e00-\u9fff]*")
INVISIBLE = {"Cf", "Mn", "Me"}
CHINESE = str.maketrans("〇零一二三四五六七八九幺", "001234567891")


@dataclass(frozen=True, slots=True)
class Folded:
    """`signs` is the folded text; `places` has the place in the original of each sign."""

    signs: str
    places: Sequence[int]

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Return where the signs from `start` to `end` stand in the original."""
        return self.places[start], self.places[end - 1] + 1


def fold(text: str) -> Folded:
    """Fold full width, digits of every script and compatibility forms; drop invisible signs."""
    if PLAIN.fullmatch(text):
        return Folded(text, range(len(text)))
    signs: list[str] = []
    places: list[int] = []
    for place, sign in enumerate(text):
        plain = sign if sign.isascii() else _plain(sign)
        signs.append(plain)
        places.extend([place] * len(plain))
    return Folded("".join(signs), places)


def digits_of(text: str) -> str:
    """Return the digits of a folded text, Chinese numerals among them."""
    return "".join(each for each in text.translate(CHINESE) if each in "0123456789")


@lru_cache(maxsize=4096)
def _plain(sign: str) -> str:
    if unicodedata.category(sign) in INVISIBLE:
        return ""
    digit = unicodedata.digit(sign, None)
    return unicodedata.normalize("NFKC", sign) if digit is None else str(digit)
