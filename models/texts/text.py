"""Sentences for people: an English one is the key of its translation, and keeps its facts."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from models.texts.chinese import CHINESE

SECOND = timedelta(seconds=1)
MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


class Language(StrEnum):
    ENGLISH = "en"
    CHINESE = "zh"


@dataclass(frozen=True, slots=True)
class Reader:
    """In which language, and by whose clocks."""

    language: Language = Language.ENGLISH
    time_zone: str = "UTC"


PLAIN = Reader()


class Text(str):
    """`Text("must be from 1 to {most}", most=100)`: English as it stands; `said` to anybody."""

    __slots__ = ("facts", "template")

    template: str
    facts: dict[str, Any]

    def __new__(cls, template: str, **facts: Any) -> "Text":
        text = super().__new__(cls, _filled(template, facts, PLAIN))
        text.template, text.facts = template, facts
        return text


def render(text: str, reader: Reader) -> str:
    """What has no translation, a person's own words say, is said as it stands."""
    template = text.template if isinstance(text, Text) else text
    if reader.language is Language.CHINESE:
        template = CHINESE.get(template, template)
    return _filled(template, text.facts, reader) if isinstance(text, Text) else template


def to_json(text: Any) -> Any:
    """As jsonb keeps it; also what is no Text, but among the facts of one."""
    if isinstance(text, Text):
        facts = {name: to_json(fact) for name, fact in text.facts.items()}
        return {"template": text.template, "facts": facts}
    if isinstance(text, datetime):
        return text.isoformat()
    return [to_json(each) for each in text] if isinstance(text, tuple) else text


def from_json(stored: Any) -> Any:
    """As it was: a fact may be a list of facts, or a text of its own."""
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
        return _moment(value, reader)
    if isinstance(value, tuple):
        between = "、" if reader.language is Language.CHINESE else ", "
        return between.join(str(_shown(each, reader)) for each in value)
    return render(value, reader) if isinstance(value, Text) else value


def _moment(moment: datetime, reader: Reader) -> str:
    """To the second, and never before it: whoever comes at what they read is not too early."""
    whole = moment.replace(microsecond=0)
    local = (whole if whole == moment else whole + SECOND).astimezone(_zone(reader.time_zone))
    time = local.strftime("%H:%M:%S" if local.second else "%H:%M")
    if reader.language is Language.CHINESE:
        return f"{local.year}年{local.month}月{local.day}日 {time}（{_offset(local)}）"
    return f"{local.day} {MONTHS[local.month - 1]} {local.year}, {time} ({_offset(local)})"


def _zone(name: str) -> tzinfo:
    return UTC if name == "UTC" else ZoneInfo(name)


def _offset(local: datetime) -> str:
    offset = local.utcoffset() or timedelta()
    hours, minutes = divmod(abs(int(offset.total_seconds())) // 60, 60)
    if not (hours or minutes):
        return "UTC"
    sign = "-" if offset < timedelta() else "+"
    return f"UTC{sign}{hours}:{minutes:02}" if minutes else f"UTC{sign}{hours}"
