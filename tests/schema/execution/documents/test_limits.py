import time

import pytest
from graphql import parse

from schema.execution.documents.limits import (
    MOST_ALIASES,
    MOST_FRAGMENTS,
    TOO_DEEP,
    TOO_MUCH,
    operations_of,
    too_large,
)
from schema.execution.documents.measure import DEEPEST, MOST_COST
from schema.execution.documents.preparing import Prepared
from schema.execution.schema import schema
from tests.support.running import Client
from tests.support.samples import Office

EVERYTHING_OF_A_POOL = """
query ($first: Int = 100) {
  pool(id: "1") {
    name
    customers(first: $first) {
      totalCount
      nodes {
        name
        pool { name }
        owner { name }
        contact { person phone email masked }
        holding { since release { at conditions { remedy } } }
        claimable { ... on Refusal { message } }
        followUps { nodes { note by { name } } }
        history { nodes { action actor { name } member { name } } }
      }
    }
  }
}
"""


def asked(document: str, **variables: object) -> str | None:
    why = too_large(schema._schema, parse(document))
    return why or (TOO_MUCH if cost(document, **variables) > MOST_COST else None)


def cost(document: str, **variables: object) -> int:
    parsed = parse(document)
    names = [each.name.value if each.name else None for each in operations_of(parsed)]
    return max(Prepared(parsed, []).cost(schema._schema, name, variables) for name in names)


def deep(levels: int) -> str:
    """An operation that is so many levels deep."""
    inside = "__typename"
    steps = ["pool", "customers(first: 1)", "nodes"] * levels
    for step in reversed(steps[: levels - 2]):
        inside = f"{step} {{ {inside} }}"
    return f"{{ customer(id: 1) {{ {inside} }} }}"


def test_a_page_of_everything_is_within_the_limits() -> None:
    assert asked(EVERYTHING_OF_A_POOL) is None


def test_lists_within_lists_multiply() -> None:
    document = "{ pools { customers(first: 100) { nodes { history(first: 100) { nodes {" + (
        " customer { history(first: 100) { nodes { at } } } } } } } } }"
    )
    assert asked(document) == TOO_MUCH


@pytest.mark.parametrize(
    ("argument", "first"), [("first: $n", 50), ("first: 50", 1), ("first: 50, after: null", 1)]
)
def test_first_counts_as_a_variable_and_as_a_literal(argument: str, first: int) -> None:
    inner = f"history({argument}) {{ nodes {{ at }} }}"
    for _ in range(3):
        inner = f"history({argument}) {{ nodes {{ customer {{ {inner} }} }} }}"
    document = f"query ($n: Int!) {{ customer(id: 1) {{ {inner} }} }}"
    assert asked(document, n=first) is not None
    assert asked(document.replace("50", "2"), n=2) is None


def test_a_list_without_first_counts_as_twenty() -> None:
    inner = "history { nodes { at } }"
    for _ in range(2):
        inner = f"history {{ nodes {{ customer {{ {inner} }} }} }}"
    assert asked(f"{{ customer(id: 1) {{ {inner} }} }}") is None
    for _ in range(1):
        inner = f"history {{ nodes {{ customer {{ {inner} }} }} }}"
    assert asked(f"{{ customer(id: 1) {{ {inner} }} }}") is not None


def test_the_depth_is_limited() -> None:
    assert asked(deep(DEEPEST)) is None
    assert asked(deep(DEEPEST + 1)) == TOO_DEEP


def test_depth_is_counted_through_fragments() -> None:
    chosen = deep(DEEPEST + 1).removeprefix("{ ").removesuffix(" }")
    document = f"{{ ...f }} fragment f on Query {{ ...g }} fragment g on Query {{ {chosen} }}"
    assert asked(document) == TOO_DEEP


def test_the_usual_introspection_is_allowed_and_a_deeper_one_is_not() -> None:
    from graphql import get_introspection_query

    assert asked(get_introspection_query()) is None
    deep = "name"
    for _ in range(25):
        deep = f"ofType {{ {deep} }}"
    assert asked(f"{{ __schema {{ types {{ {deep} }} }} }}") == TOO_DEEP


def test_aliases_and_fragments_are_limited() -> None:
    many = " ".join(f"a{n}: __typename" for n in range(MOST_ALIASES + 1))
    assert asked(f"{{ {many} }}") is not None
    fragments = " ".join(f"fragment f{n} on Query {{ id }}" for n in range(MOST_FRAGMENTS + 1))
    assert asked(f"{{ __typename }} {fragments}") is not None


def test_fragments_that_double_are_refused_at_once() -> None:
    doubled = " ".join(f"fragment f{n} on Query {{ ...f{n + 1} ...f{n + 1} }}" for n in range(21))
    document = f"{{ ...f0 }} {doubled} fragment f21 on Query {{ viewer {{ id }} }}"
    began = time.thread_time()
    assert asked(document) == TOO_MUCH
    assert time.thread_time() - began < 0.05


def test_a_fragment_that_leads_to_itself_is_left_to_validation() -> None:
    assert asked("{ ...f } fragment f on Query { viewer { id } ...f }") is None


async def test_what_is_too_much_is_told_over_http(api: Client, office: Office) -> None:
    admin = (await office.admin()).member
    for document in (
        "{" * 3000,
        "{ a " * 1200 + "}" * 1200,
        "{ viewer { id } }" + "#" * 70_000,
        deep(DEEPEST + 1),
        "{ ...f } fragment f on Query { ...f }",
        '{ pools { customers(search: "\\u0000") { totalCount } } }',
    ):
        answer = await api.graphql(admin, document)
        assert answer.get("data") is None
        told = [each["extensions"] for each in answer["errors"]]
        assert told == [{"code": "BAD_REQUEST"}], document[:50]


@pytest.mark.parametrize("text", ["a\\u0000b", "\\ud800"])
async def test_text_that_the_database_cannot_keep_is_refused(
    api: Client, office: Office, text: str
) -> None:
    token = api.token((await office.admin()).member)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    query = "query ($s: String) { members(search: $s) { nodes { id } } }"
    body = f'{{"query": "{query}", "variables": {{"s": "{text}"}}}}'
    answer = await api.http.post(api.graphql_url, content=body, headers=headers)
    assert answer.json()["errors"][0]["message"].startswith("Text may not contain NUL")


@pytest.mark.parametrize(
    "body", [b"", b"[]", b'"x"', b"{", b"\xff", b'{"query": 5}', b'{"query": null}', b"[" * 90_000]
)
async def test_what_is_no_request_is_refused_as_such(
    api: Client, office: Office, body: bytes
) -> None:
    token = api.token((await office.admin()).member)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    answer = await api.http.post(api.graphql_url, content=body, headers=headers)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["extensions"] == {"code": "BAD_REQUEST"}


async def test_a_body_of_more_than_16_mib_is_refused(api: Client, office: Office) -> None:
    token = api.token((await office.admin()).member)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    body = b" " * (16 * 1024 * 1024 + 1)
    answer = await api.http.post(api.graphql_url, content=body, headers=headers)
    assert answer.status_code == 413
