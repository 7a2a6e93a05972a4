"""Requests that try to stop the process: each is one body, sent by one member."""

import json
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

LISTS = "[" + ",".join(["[]"] * 5_000_000) + "]"
PREVIEW = """query ($pool: ID!, $rules: RulesInput!) {
  previewRules(poolId: $pool, rules: $rules) { held } }"""
IMPORT = """mutation ($pool: ID!, $csv: String!) {
  importCustomers(poolId: $pool, csv: $csv) { __typename } }"""
NESTED = "pool { customers(first: 12) { nodes { id } } }"

Hostile = tuple[str, Callable[[], bytes]]


def bodies(pool: str) -> Iterator[Hostile]:
    """Bodies that are large, deep or full of values."""
    viewer = "{ viewer { id } }"
    yield "15 MB of unused lists", partial(_raw, viewer, f'{{"x": {LISTS}}}')
    yield "250 KB of unused lists", partial(_raw, viewer, f'{{"x": [{"[]," * 80_000}[]]}}')
    deep = "[" * 100_000 + "]" * 100_000
    yield "depth 100,000", partial(_raw, viewer, f'{{"x": {deep}}}')
    yield "number of 200,000 digits", partial(_raw, viewer, f'{{"x": {"9" * 200_000}}}')
    yield "string of 15 MB", partial(_body, viewer, x="x" * 15_000_000)
    yield "15 MB of spaces", partial(_raw, viewer, "{" + " " * 15_000_000 + "}")
    for count in (6_000, 300_000):
        levels: Any = {"levels": [{"level": "A"}] * count}
        yield f"{count:,} levels", partial(_body, PREVIEW, pool=pool, rules=levels)
        capacities: Any = {"capacities": [{"capacity": 1}] * count}
        yield f"{count:,} capacities", partial(_body, PREVIEW, pool=pool, rules=capacities)
    unknown = {f"capacity{n}": 1 for n in range(9_000)}
    yield "9,000 unknown fields", partial(_body, PREVIEW, pool=pool, rules=unknown)
    yield "import of one row", partial(_import, pool, "name\n" + "甲" * 5_000_000)
    yield "import of escapes", partial(_escaped_import, pool)
    rows = "name\n" + "\n".join(f"c{n}" for n in range(1_500_000))
    yield "import of 1,500,000 rows", partial(_import, pool, rows)


def documents(pool: str) -> Iterator[Hostile]:
    """Documents that are costly to validate."""
    yield "400 x viewer{id}", _document("{" + "viewer{id}" * 400 + "}")
    yield "1,200 x viewer{id}", _document("{" + "viewer{id}" * 1_200 + "}")
    yield "4,990 x __typename", _document("{" + "__typename " * 4_990 + "}")
    yield (
        "190 conflicting aliases",
        _document(
            "{"
            + "".join(f"a:{'viewer' if n % 2 else 'organization'}{{id}}" for n in range(190))
            + "}"
        ),
    )
    spread = "".join(f"...f{n} " for n in range(99))
    equal = "".join(f"fragment f{n} on Query{{viewer{{id name}}}}" for n in range(99))
    yield "99 equal fragments", _document(f"{{{spread}}}{equal}")
    doubled = "".join(f"fragment f{n} on Query{{...f{n + 1} ...f{n + 1}}}" for n in range(98))
    yield (
        "98 fragments that double",
        _document(f"{{...f0}}{doubled}fragment f98 on Query{{viewer{{id}}}}"),
    )
    paths = "".join(
        f"fragment f{n} on Pool{{a:customers{{nodes{{pool{{...f{n + 1}}}}}}}"
        f"b:customers{{nodes{{pool{{...f{n + 1}}}}}}}}}"
        for n in range(9)
    )
    yield "paths that double", _document(f"{{pools{{...f0}}}}{paths}fragment f9 on Pool{{id}}")
    yield "900 operations", _document("".join(f"query q{n}{{viewer{{id}}}}" for n in range(900)))
    chain = "".join(f"fragment f{n} on Member{{name @skip(if:$v) ...f{n + 1}}}" for n in range(98))
    many = "".join(f"query q{n}($v:Boolean!){{viewer{{...f0}}}}" for n in range(150))
    yield (
        "150 operations of 98 fragments",
        _document(f"{many}{chain}fragment f98 on Member{{name}}"),
    )
    yield "1,600 unknown fields", _document("{" + "".join(f"viewr{n} " for n in range(1_600)) + "}")
    yield (
        "1,000 unknown arguments",
        _document("{viewer(" + "".join(f"a{n}:1 " for n in range(1_000)) + "){id}}"),
    )
    yield (
        "1,500 variables",
        _document("query(" + "".join(f"$v{n}:Int" for n in range(1_200)) + "){viewer{id}}"),
    )
    yield "1,600 directives", _document("{viewer" + "@skip(if:false)" * 800 + "{id}}")
    yield "lists 2,400 deep", _document(f"{{node(id:{'[' * 2_400}{']' * 2_400}){{id}}}}")
    levels = '{level:"A"}' * 900
    yield (
        "900 levels in the document",
        _document(f'{{previewRules(poolId:"{pool}",rules:{{levels:[{levels}]}}){{held}}}}'),
    )
    yield "first of 5,000 digits", _document(f"{{members(first:{'9' * 5_000}){{nodes{{id}}}}}}")
    lines = '"""' + "\n" * 60_000 + '"""'
    yield "block string of 60,000 lines", _document(f"{{members(search:{lines}){{nodes{{id}}}}}}")
    yield "60,000 commas", _document("{viewer{id}" + "," * 60_000 + "}")


def answers(pool: str, customer: str) -> Iterator[Hostile]:
    """Operations whose answer is large or costly."""
    aliased = " ".join(f"c{n}: {NESTED}" for n in range(66))
    page = f'{{ pool(id: "{pool}") {{ customers(first: 100) {{ nodes {{ %s }} }} }} }}'
    yield "66 pools under 100 customers", _document(page % aliased)
    fewer = " ".join(f"c{n}: {NESTED}" for n in range(13))
    yield "13 pools under 100 customers", _document(page % fewer)
    wide = " ".join(f"c{n}: pool {{ id }}" for n in range(190))
    yield "190 single pools under 100", _document(page % wide)
    single = " ".join(f"c{n}: name" for n in range(199))
    yield "199 names under 100", _document(page % single)
    no = " ".join(
        f"c{n}: pool {{ unconfirmedDeals(first: 1) {{ nodes {{ id }} }} }}" for n in range(30)
    )
    yield "3,000 refusals", _document(page % no)
    nested = "history { nodes { at actor { name } customer { history { nodes { at } } } } }"
    yield "history of history", _document(page % nested)
    yield "100 x 100 x 20", _document(page % "pool { customers(first: 100) { nodes { id name } } }")
    yield (
        "everything of 100",
        _document(
            page % "name contact{person phone} claimable{__typename} owner{name} pool{name}"
            " followUps{nodes{note by{name}}} history{nodes{action actor{name} member{name}}}"
        ),
    )
    refused = " ".join(f"c{n}: pool {{ unconfirmedDeals {{ nodes {{ id }} }} }}" for n in range(66))
    yield "6,600 refusals", _document(page % refused)
    found = " ".join(
        f'd{n}: duplicates(customer: {{name: "customer {n}"}}) {{ matchedOn }}' for n in range(190)
    )
    yield "190 duplicates", _document(f"{{ {found} }}")
    one = f'pool(id: "{pool}") {{ customers(search: "cust") {{ totalCount }} }}'
    yield "190 searches", _document("{" + " ".join(f"s{n}: {one}" for n in range(190)) + "}")
    rules = '{levels: [{level: "A"}]}'
    preview = f'previewRules(poolId: "{pool}", rules: {rules}) {{ held }}'
    yield "190 previews", _document("{" + " ".join(f"p{n}: {preview}" for n in range(190)) + "}")
    claims = " ".join(
        f'm{n}: lockCustomer(customerId: "{customer}") {{ __typename }}' for n in range(190)
    )
    yield "190 mutations", _document(f"mutation {{ {claims} }}")
    rules_of: Any = {"capacities": [{"capacity": 1}] * 3_000}
    again = "previewRules(poolId: $pool, rules: $rules) { held }"
    same = " ".join(f"p{n}: {again}" for n in range(99))
    document = f"query ($pool: ID!, $rules: RulesInput!) {{ {same} }}"
    yield "99 x 3,000 capacities", partial(_body, document, pool=pool, rules=rules_of)
    of = "fields { type { fields { type { fields { type { name } } } } } }"
    yield "introspection in itself", _document(f"{{ __schema {{ types {{ {of} }} }} }}")
    types = "name fields { name args { name type { name } } type { name ofType { name } } }"
    aliases = " ".join(f"t{n}: types {{ {types} }}" for n in range(60))
    yield "60 introspections", _document(f"{{ __schema {{ {aliases} }} }}")


def _document(text: str) -> Callable[[], bytes]:
    return partial(_body, text)


def _import(pool: str, csv: str) -> bytes:
    variables = json.dumps({"pool": pool, "csv": csv}, ensure_ascii=False)
    return _raw(IMPORT, variables)


def _escaped_import(pool: str) -> bytes:
    escaped = "\\u4e2d" * 2_500_000
    return _raw(IMPORT, f'{{"pool": "{pool}", "csv": "{escaped}"}}')


def _body(document: str, **variables: Any) -> bytes:
    return _raw(document, json.dumps(variables))


def _raw(document: str, variables: str) -> bytes:
    return f'{{"query": {json.dumps(document)}, "variables": {variables}}}'.encode()
