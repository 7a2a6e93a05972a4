"""Documents that are costly to validate are refused before validation."""

from pathlib import Path

import pytest
from graphql import parse
from graphql.validation import specified_rules

from schema.execution.documents.limits import too_large
from schema.execution.documents.preparing import Prepared, prepare
from schema.execution.schema import schema

SPREADS = " ".join(f"...f{n:02}" for n in range(99))


def prepared(document: str) -> Prepared:
    return prepare(schema._schema, document, tuple(specified_rules))


def fragments(inside: str, kind: str = "Query", count: int = 99) -> str:
    return " ".join(f"fragment f{n:02} on {kind} {{ {inside} }}" for n in range(count))


@pytest.mark.parametrize(
    ("document", "why"),
    [
        (f"{{ {'viewer { id } ' * 400} }}", "selects `viewer` too often"),
        (f"{{ {'viewer { id } ' * 1_200} }}", "selects `viewer` too often"),
        (f"{{ {'__typename ' * 4_990} }}", "selects `__typename` too often"),
        (f"{{ {'a: viewer { id } a: organization { id } ' * 95} }}", "selects `a` too often"),
        (f"{{ viewer {{ {'id ' * 101} }} }}", "selects `id` too often"),
        (f"{{ {'viewer { id name email } ' * 60} }}", "selects `id` too often"),
        (f"{{ {'... on Query { viewer { id } } ' * 200} }}", "selects `viewer` too often"),
        (f"{{ {SPREADS} {SPREADS} }} {fragments('viewer { id }')}", "too many selections"),
        (f"{{ viewer {{ {SPREADS} }} }} {fragments('id', 'Member')}", "too many selections"),
        (f"{{ id }} {fragments(SPREADS[:279], count=40)}", "too many selections"),
        (f"{{ id }} fragment f on Query {{ {'viewer { id } ' * 200} }}", "selects `viewer`"),
        (
            "{ pools { ...f } } fragment f on Pool { a: customers { nodes { pool { ...f } } }"
            " b: customers { nodes { pool { ...f } } } }",
            "too many selections",
        ),
        (" ".join(f"query q{n} {{ viewer {{ id }} }}" for n in range(21)), "too many operations"),
    ],
)
def test_what_validation_would_compare_too_often_is_never_validated(
    document: str, why: str
) -> None:
    refused = prepared(document)
    assert refused.document is None
    assert [why in error.message for error in refused.problems] == [True]


@pytest.mark.parametrize(
    "document",
    [
        f"{{ {'viewer { id } ' * 60} }}",
        f"{{ {' '.join(f'a{n}: viewer {{ id name }}' for n in range(199))} }}",
        f"{{ {SPREADS[:279]} }} {fragments('viewer { id }', count=40)}",
        " ".join(f"query q{n} {{ viewer {{ id name }} }}" for n in range(20)),
    ],
)
def test_what_people_write_is_validated(document: str) -> None:
    assert prepared(document).document is not None
    assert prepared(document).problems == []


def test_every_document_of_the_documentation_is_within_the_limits() -> None:
    root = Path(__file__).parents[4]
    texts = [path.read_text() for path in [*root.glob("docs/*.md"), root / "README.md"]]
    found = [part for text in texts for part in text.split("```graphql\n")[1:]]
    documents = [part.partition("```")[0] for part in found]
    assert documents
    assert [too_large(schema._schema, parse(each)) for each in documents] == [None] * len(documents)


def test_a_number_that_python_does_not_read_is_said_to_be_too_long() -> None:
    (error,) = prepared(f"{{ members(first: {'9' * 5_000}) {{ nodes {{ id }} }} }}").problems
    assert error.message == "A number of the document is too long."


@pytest.mark.parametrize(("wrong", "told"), [(100, 100), (101, 101), (150, 101)])
def test_validation_ends_at_a_hundred_errors(wrong: int, told: int) -> None:
    problems = prepared(f"{{ {' '.join(f'unknown{n}' for n in range(wrong))} }}").problems
    assert len(problems) == told
    assert ("aborted" in problems[-1].message) == (wrong > 100)
