"""The table of docs/settings.md is that of the code."""

import re

from settings import PREFIX, Settings
from tests.docs.pages import Page

PAGE = Page("docs/settings.md").text


def test_the_table_names_exactly_the_settings() -> None:
    named = re.findall(rf"^\| `{PREFIX}(\w+)` \|", PAGE, re.MULTILINE)
    assert sorted(named) == sorted(name.upper() for name in Settings.model_fields)


def test_the_table_has_each_default() -> None:
    shown = re.findall(rf"^\| `{PREFIX}(\w+)` \| `(.*?)` \|", PAGE, re.MULTILINE)
    defaults = {name.upper(): field.default for name, field in Settings.model_fields.items()}
    assert dict(shown) == {
        name: str(default).lower() if isinstance(default, bool) else str(default)
        for name, default in defaults.items()
        if default not in (None, ())
    }
