"""Characters that look alike."""

import unicodedata

from opencc import OpenCC

from models.texts.visible import is_plain, visible

# Loads its dictionaries once, in about 5 ms.
TO_SIMPLIFIED = OpenCC("t2s")


def folded(text: str) -> str:
    """Return the visible text without the difference of width and case, without outer spaces."""
    if is_plain(text):
        return text.lower().strip()
    narrow = unicodedata.normalize("NFKC", visible(text))
    return visible(unicodedata.normalize("NFKC", narrow.casefold())).strip()


def simplified(text: str) -> str:
    """Return the text with simplified characters for traditional ones, by OpenCC."""
    return text if text.isascii() else TO_SIMPLIFIED.convert(text)
