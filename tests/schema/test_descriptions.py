"""What the reference and GraphiQL show: words for each part of the schema, not only its name."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from graphql import GraphQLSchema, build_schema, introspection_from_schema

from schema.descriptions import describing
from schema.descriptions.describing import WORDS, describe
from schema.execution.schema import schema
from tests.docs.test_prose import MOST_WORDS, OBLIQUE

SPECIFIED = {"String", "Int", "Float", "Boolean", "ID"}
LISTS = ("fields", "inputFields", "enumValues", "args")
# Words that say nothing beside a name.
EMPTY = re.compile(
    r"\b(a|an|and|are|by|for|has|her|his|in|is|it|its|of|on|or|that|the|their|this|to|with)\b"
)
SENTENCE_END = re.compile(r"(?<=[.!?:;])\s+")


def described(built: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Every place of an introspected schema, and what it says of itself."""
    kinds = [each for each in built["types"] if each["name"] not in SPECIFIED]
    for kind in [each for each in kinds if not each["name"].startswith("__")]:
        yield from _within(kind, kind["name"])
    for directive in built["directives"]:
        yield from _within(directive, f"@{directive['name']}")


def _within(part: dict[str, Any], place: str) -> Iterator[tuple[str, str]]:
    yield place, part["description"] or ""
    for each in [each for name in LISTS for each in part.get(name) or ()]:
        yield from _within(each, f"{place}.{each['name']}")


def tells_nothing(place: str, words: str) -> bool:
    """Whether there is no word beside those of the name and of what it is part of."""
    names = " ".join(re.findall(r"[A-Z]?[a-z]+|[A-Z]+|\d+", place)).casefold().split()
    said = re.findall(r"\w+", EMPTY.sub("", words.casefold()))
    return set(said) <= {form for name in names for form in (name, f"{name}s", name.rstrip("s"))}


@pytest.fixture(scope="module")
def words() -> dict[str, str]:
    built: Any = introspection_from_schema(build_schema(schema.as_str()))
    return dict(described(built["__schema"]))


def test_everything_says_what_its_name_does_not(words: dict[str, str]) -> None:
    assert len(words) > 900
    assert [place for place, said in words.items() if tells_nothing(place, said)] == []


@pytest.mark.parametrize(
    ("place", "said", "nothing"),
    [
        ("Customer.id", "", True),
        ("Customer.id", "The id of the customer.", True),
        ("MemberReport.claims", "The member's claims.", False),
        ("Query.pools", "The pools.", True),
        ("Query.pools", "Pools that the viewer may claim from.", False),
    ],
)
def test_a_name_again_is_nothing(place: str, said: str, nothing: bool) -> None:
    assert tells_nothing(place, said) is nothing


def test_the_tables_describe_only_what_has_no_words_of_its_own(words: dict[str, str]) -> None:
    """A field that was renamed, or described beside its code, leaves nothing behind."""
    assert {place: said for place, said in WORDS.items() if words.get(place) != said} == {}


def test_no_two_tables_describe_the_same_place() -> None:
    assert sum(len(table.WORDS) for table in describing.TABLES) == len(WORDS)


def test_the_words_are_plain(words: dict[str, str]) -> None:
    """As the prose rule of docs/style.md has it; a colon and a semicolon end a sentence."""
    sentences = [
        (place, each) for place, said in words.items() for each in SENTENCE_END.split(said)
    ]
    assert [found for found in sentences if len(found[1].split()) > MOST_WORDS] == []
    assert [found for found in sentences if OBLIQUE.search(found[1])] == []


def test_an_input_says_what_the_field_of_its_object_says() -> None:
    made: GraphQLSchema = build_schema(
        """
        type Query { rules: Rules }
        type Rules { "Nobody holds it longer." most: Int, least: Int }
        input RulesInput { most: Int, "At least." least: Int, other: Int }
        """
    )
    describe(made)
    fields: Any = made.type_map["RulesInput"]
    found = {name: each.description for name, each in fields.fields.items()}
    assert found == {"most": "Nobody holds it longer.", "least": "At least.", "other": None}
