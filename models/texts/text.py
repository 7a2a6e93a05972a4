"""Sentences for people: a Text keeps its English template and its facts, to be rendered later."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from models.texts.catalogues import translate
from models.texts.moments import render_moment


class Language(StrEnum):
    ENGLISH = "en"
    CHINESE = "zh"


SEPARATORS = {Language.ENGLISH: ", ", Language.CHINESE: "、"}


@dataclass(frozen=True, slots=True)
class Reader:
    """The language and the IANA time zone to render for."""

    language: Language = Language.ENGLISH
    time_zone: str = "UTC"


PLAIN = Reader()


class Text(str):
    """`Text("must be from 1 to {most}", most=100)`: the English sentence, with its parts kept."""

    __slots__ = ("facts", "template")

    template: str
    facts: dict[str, Any]

    def __new__(cls, template: str, **facts: Any) -> "Text":
        text = super().__new__(cls, _filled(template, facts, PLAIN))
        text.template, text.facts = template, facts
        return text


def render(text: str, reader: Reader) -> str:
    """The text in the reader's language; a text without a translation stays as it is."""
    if isinstance(text, Text):
        template = translate(text.template, reader.language)
        return _filled(template, text.facts, reader)
    return translate(text, reader.language)


def to_json(text: Any) -> Any:
    """The jsonb form of a Text, or of one of its facts."""
    if isinstance(text, Text):
        facts = {name: to_json(fact) for name, fact in text.facts.items()}
        return {"template": text.template, "facts": facts}
    if isinstance(text, datetime):
        return text.isoformat()
    return [to_json(each) for each in text] if isinstance(text, tuple) else text


def from_json(stored: Any) -> Any:
    """Reads what `to_json` wrote; an instant stays a string."""
    if isinstance(stored, list):
        return tuple(map(from_json, stored))
    if isinstance(stored, dict):
        facts = {name: from_json(fact) for name, fact in stored["facts"].items()}
        return Text(stored["template"], **facts)
    return stored


def _filled(template: str, facts: dict[str, Any], reader: Reader) -> str:
    if not facts:
        return template
    return template.format(**{name: _shown(value, reader) for name, value in facts.items()})


def _shown(value: Any, reader: Reader) -> Any:
    if isinstance(value, datetime):
        return render_moment(value, reader.language, reader.time_zone)
    if isinstance(value, tuple):
        return SEPARATORS[reader.language].join(str(_shown(each, reader)) for each in value)
    return render(value, reader) if isinstance(value, Text) else value
