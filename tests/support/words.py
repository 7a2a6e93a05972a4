"""The console's own texts, by their keys."""

import json
import re
from functools import cache
from typing import Any

from commands.console.building import CONSOLE


class Words:
    def __init__(self, language: str) -> None:
        self.language = language

    def __call__(self, key: str, **values: Any) -> str:
        """The text of `page.key`; `count` chooses the plural."""
        page, _, path = key.partition(".")
        text = _texts(self.language, page)
        *names, last = path.split(".")
        for name in names:
            text = text[name]
        one = f"{last}_one" if values.get("count") == 1 else f"{last}_other"
        found: str = text.get(last) or text.get(one) or text[f"{last}_other"]
        return re.sub(r"{{(\w+)}}", lambda name: str(values[name[1]]), found)

    def like(self, key: str, **values: Any) -> re.Pattern[str]:
        """The text, in which a value that is not given may be anything."""
        marked = dict.fromkeys(("at", "date", "span", "resetsAt", "pool"), "\x00") | values
        return re.compile(re.escape(self(key, **marked)).replace("\0", ".+"))


@cache
def _texts(language: str, page: str) -> dict[str, Any]:
    path = CONSOLE / "src" / "i18n" / language / f"{page}.json"
    texts: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return texts
