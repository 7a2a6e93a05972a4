"""docs/errors.md has each way in which the API says no, with its fields, and no other."""

import json
import re

from graphql import GraphQLInterfaceType
from strawberry.utils.str_converters import to_camel_case

from models import refusals
from schema.base.errors import OverBudget, over_budget
from schema.base.refusals import refusal_types
from schema.execution.schema import schema
from tests.docs import said_no
from tests.docs.pages import Page

PAGE = Page("docs/errors.md")
SECTIONS = dict(re.findall(r"^## (.+?)\n(.*?)(?=^## |\Z)", PAGE.text, re.DOTALL | re.MULTILINE))
ENTRY = re.compile(r"^### `(\w+)`\n(.*?)(?=^### |\Z)", re.DOTALL | re.MULTILINE)
ROW = re.compile(r"^\| (\d+) \|", re.MULTILINE)


def test_each_code_has_an_entry_with_its_fields() -> None:
    assert fields_in("Codes") == said_no.codes()


def test_each_refusal_has_an_entry_with_its_fields() -> None:
    refusal = schema._schema.get_type("Refusal")
    assert isinstance(refusal, GraphQLInterfaceType)
    types = schema._schema.get_implementations(refusal).objects
    assert fields_in("Refusals") == {each.name: each.fields.keys() - {"message"} for each in types}
    assert {each.__name__ for each in refusals.Refusal.__subclasses__()} == refusal_types().keys()


def test_the_fields_of_a_refusal_are_those_of_the_model() -> None:
    for kind in refusals.Refusal.__subclasses__():
        names = {to_camel_case(name) for name in kind.__dataclass_fields__}
        assert fields_in("Refusals")[kind.__name__] <= names


def test_each_status_and_each_close_code_has_a_row() -> None:
    assert rows_in("HTTP statuses") == sorted(said_no.statuses())
    assert rows_in("Close codes of websockets") == sorted(said_no.close_codes())


def test_entries_are_in_the_order_of_the_alphabet() -> None:
    for section in ("Codes", "Refusals"):
        names = [name for name, _ in ENTRY.findall(SECTIONS[section])]
        assert names == sorted(names)


def test_the_error_of_the_page_is_one() -> None:
    (shown,) = PAGE.blocks("json")
    assert json.loads(shown) == {"errors": [over_budget(OverBudget(6.2)).formatted]}


def fields_in(section: str) -> dict[str, set[str]]:
    return {name: fields_of(text) for name, text in ENTRY.findall(SECTIONS[section])}


def fields_of(text: str) -> set[str]:
    listed = re.findall(r"^- Fields: (.+)\.$", text, re.MULTILINE)
    return set(re.findall(r"`(\w+)`", " ".join(listed)))


def rows_in(section: str) -> list[int]:
    return [int(number) for number in ROW.findall(SECTIONS[section])]
