"""A customer's name as lists order it, by pinyin, and as those find it who may not see contacts."""

import unicodedata
from functools import lru_cache

from models.masking.folding import fold
from models.masking.masks import mask_text, remove_contacts
from models.rules.rules import MASKED

# An entry of an index has at most 2,700 bytes.
MOST_BYTES = 2000
# Before every sign of a name.
END = "\x01"


def load() -> None:
    """Import what knows pinyin: servers do at their start, so that no request waits for it."""
    sort_name("始")


def sort_name(name: str) -> str:
    """Return the key of the order NAME: the syllables, a space between them, then the name itself.

    Case, width and invisible signs do not count. Contacts in the name are masked.
    """
    return _key(mask_text(name, MASKED))


def _key(shown: str) -> str:
    plain = fold(unicodedata.normalize("NFKC", shown)).signs.casefold().strip()
    key = plain if plain.isascii() else f"{_pinyin(plain)}{END}{plain}"
    return key.encode()[:MOST_BYTES].decode(errors="ignore") or END


def _pinyin(plain: str) -> str:
    # Importing it takes 0.3 s: no command that orders no names waits for it.
    from pypinyin.seg.simpleseg import seg

    return " ".join(" ".join(map(_syllables, seg(plain))).split())


@lru_cache(maxsize=16384)
def _syllables(word: str) -> str:
    """Names are made of the same words again and again: each is looked up once."""
    from pypinyin import lazy_pinyin

    return " ".join(lazy_pinyin([word]))


def masked_name(name: str) -> str | None:
    """Return the name with a star in place of each contact; None if there are none."""
    masked = remove_contacts(name)
    return None if masked == name else masked


def name_columns(name: str) -> dict[str, str | None]:
    """Return what a customer's row has beside its name, by the names of the columns."""
    masked = masked_name(name)
    return {"sort_name": sort_name(name) if masked else _key(name), "masked_name": masked}
