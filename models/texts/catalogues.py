"""Translations of the English sentences: one gettext catalogue per language.

The file locale/LANGUAGE/LC_MESSAGES/seapool.po is read as it is, when the process starts.
"""

from pathlib import Path

from babel.messages.pofile import read_po

LOCALE = Path(__file__).parent / "locale"


def translate(template: str, language: str) -> str:
    """The template in this language, or as it is if the catalogue does not have it."""
    return CATALOGUES.get(language, NONE).get(template, template)


def _read(path: Path) -> dict[str, str]:
    """Translations by English sentence, obsolete ones too: stored answers still hold those."""
    with path.open("rb") as file:
        catalogue = read_po(file, abort_invalid=True)
    messages = [*catalogue.obsolete.values(), *catalogue]
    return {str(each.id): str(each.string) for each in messages if each.id}


NONE: dict[str, str] = {}
CATALOGUES = {path.parts[-3]: _read(path) for path in LOCALE.glob("*/LC_MESSAGES/seapool.po")}
