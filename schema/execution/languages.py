"""The language of the answer, from the header Accept-Language."""

import re
from functools import lru_cache

from models.texts.text import Language

LONGEST = 500
# RFC 9110, 12.5.4: a language tag and its weight, from 0 (not acceptable) to 1.
WANTED = re.compile(
    r"\s*(\*|[a-z]{1,8}(?:-[a-z0-9]{1,8})*)\s*(?:;\s*q=(0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)\s*)?",
    re.IGNORECASE,
)


def language_of(accepted: object) -> Language:
    """Return the preferred of our languages; English if none is accepted or it is malformed."""
    if not isinstance(accepted, str) or len(accepted) > LONGEST:
        return Language.ENGLISH
    return _best(accepted)


@lru_cache(maxsize=256)
def _best(accepted: str) -> Language:
    wanted: dict[str, float] = {}
    for each in accepted.split(","):
        if match := WANTED.fullmatch(each):
            tag = match[1].lower().partition("-")[0]
            wanted[tag] = max(wanted.get(tag, 0.0), float(match[2] or 1))
    other = wanted.get("*", 0.0)
    chosen = {language: wanted.get(language.value, other) for language in Language}
    if chosen[Language.ENGLISH] == chosen[Language.CHINESE]:
        # Equal weights: the language named first, else English.
        named = [tag for tag in wanted if tag in chosen and wanted[tag]]
        return Language(named[0]) if named else Language.ENGLISH
    return max(chosen, key=lambda language: chosen[language])
