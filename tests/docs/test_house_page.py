"""docs/house.md names every room of the code, and no other."""

import re

from tests.docs.pages import Page
from tests.support.running import ROOT

PAGE = Page("docs/house.md").text
NO_ROOMS = {"data", "build"}


def test_every_room_and_file_of_the_root_is_named() -> None:
    named = set(re.findall(r"`(\w+(?:\.py|/))`", PAGE))
    files = {path.name for path in ROOT.glob("*.py")}
    folders = {f"{path.parent.name}/" for path in ROOT.glob("[a-z]*/*.py")}
    assert sorted((files | folders) - {f"{name}/" for name in NO_ROOMS} - named) == []


def test_every_package_of_models_and_schema_is_named() -> None:
    named = set(re.findall(r"`((?:models|schema)/\w+/)`", PAGE))
    packages = {
        f"{path.parent.relative_to(ROOT).as_posix()}/"
        for room in ("models", "schema")
        for path in (ROOT / room).glob("*/*.py")
    }
    assert named == packages


def test_every_file_of_models_and_schema_outside_the_packages_is_named() -> None:
    named = set(re.findall(r"`((?:models|schema)/\w+\.py)`", PAGE))
    files = {
        path.relative_to(ROOT).as_posix()
        for room in ("models", "schema")
        for path in (ROOT / room).glob("*.py")
        if path.name != "__init__.py"
    }
    assert named == files
