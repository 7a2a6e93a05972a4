"""Characters that show nothing, and those that are none."""

import re

# Unicode's Cf, its Default_Ignorable_Code_Point, controls but spaces, and the empty braille sign.
INVISIBLE = re.compile(
    "[\0-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891"
    "\u08e2\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U000110bd\U000110cd\U00013430-\U0001343f"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]+"
)
# No text in PostgreSQL has NUL or half a character.
NO_TEXT = re.compile("[\0\ud800-\udfff]")


def is_plain(text: str) -> bool:
    """Return whether all of it is visible ASCII: quickly told, and has one width and no accents."""
    return text.isascii() and text.isprintable()


def visible(text: str) -> str:
    """Return the text without characters that show nothing; spaces stay."""
    return text if is_plain(text) else INVISIBLE.sub("", text)
