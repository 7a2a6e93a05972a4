"""Where a value may fail: each field at each nesting, and each place of a list."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from graphql import parse

from tests.schema.execution.plans.faulty import CALLS, FAULTS, Node, later, soon


def node(**fields: Any) -> Node:
    """Every field that may not be null has a value: so one value alone fails."""
    plain = {"name": "n", "must": "m", "number": 1, "mustNumber": 2, "color": "RED", "strict": []}
    return Node({**plain, "mustChild": Node(plain), **fields})


@dataclass(frozen=True)
class Spot:
    """A place for a value: the selection that reaches it, and what makes the root of a value."""

    selection: str
    root: Callable[[Any], Any]
    is_field: bool = True


ALL = "name must number"


def _at(field: str, inner: str = "") -> dict[str, Spot]:
    """The field at each nesting."""
    text = f"{field} {inner}"
    return {
        f"node.{field}": Spot(
            f"node {{ name {text} number }} ok", lambda v: {"node": node(**{field: v}), "ok": "ok"}
        ),
        f"mustNode.{field}": Spot(
            f"ok mustNode {{ {text} }}",
            lambda v: {"mustNode": node(**{field: v}), "ok": lambda _: soon("ok")},
        ),
        f"nodes.{field}": Spot(
            f"nodes {{ {text} name }} ok",
            lambda v: {"nodes": [node(**{field: v}), soon(node())], "ok": "ok"},
        ),
        f"mustNodes.{field}": Spot(
            f"node {{ name }} mustNodes {{ {text} name }}",
            lambda v: {"mustNodes": soon([node(**{field: v})]), "node": node()},
        ),
        f"list.{field}": Spot(
            f"node {{ name list {{ name {text} }} }}",
            lambda v: {
                "node": later(node(list=[later(node(**{field: v})), None, node(**{field: None})]))
            },
        ),
        f"mustChild.{field}": Spot(
            f"node {{ child {{ name mustChild {{ mustChild {{ {text} }} }} }} }}",
            lambda v: {
                "node": node(child=node(mustChild=soon(node(mustChild=node(**{field: v})))))
            },
        ),
    }


SPOTS = {
    **_at("must"),
    **_at("number"),
    **_at("mustNumber"),
    **_at("color"),
    **_at("flag"),
    **_at("ratio"),
    **_at("id"),
    **_at("mustChild", f"{{ {ALL} }}"),
    **_at("child", "{ name }"),
    **_at("list", f"{{ {ALL} }}"),
    **_at("strict", "{ name }"),
    **_at("strictOrNull", "{ name }"),
    **_at("matrix"),
    **_at("thing", "{ __typename ... on Node { must } ... on Other { name } }"),
    **_at("being", "{ __typename name ... on Node { must } }"),
    **_at("numbers", "(first: 2)"),
    "mustNode": Spot("ok mustNode { name }", lambda v: {"mustNode": v, "ok": lambda _: soon("ok")}),
    "mustNodes": Spot("mustNodes { name }", lambda v: {"mustNodes": v}),
    "mustNodes.0": Spot(
        "ok mustNodes { name }", lambda v: {"mustNodes": [node(), v], "ok": "ok"}, False
    ),
    "nodes.0": Spot(
        "ok nodes { name must }", lambda v: {"nodes": (v, soon(node())), "ok": "ok"}, False
    ),
    "list.0": Spot("node { list { must } }", lambda v: {"node": node(list=[v, node()])}, False),
    "strict.0": Spot("node { strict { must } }", lambda v: {"node": node(strict=[v])}, False),
    "matrix.0": Spot("node { matrix }", lambda v: {"node": node(matrix=[[1], v])}, False),
    "matrix.0.0": Spot("node { matrix }", lambda v: {"node": node(matrix=[[1, v], [2]])}, False),
    "a generator": Spot(
        "nodes { name }", lambda v: {"nodes": (each for each in [node(), v])}, False
    ),
}


def root_of(spot: str, name: str) -> Any:
    return SPOTS[spot].root((FAULTS | CALLS)[name]())


def document_of(spot: str) -> Any:
    return parse(f"{{ {SPOTS[spot].selection} }}")
