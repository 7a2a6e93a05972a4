"""A small schema whose values fail in every way, at every nesting."""

import asyncio
from collections.abc import Callable
from typing import Any

from graphql import GraphQLError, GraphQLUnionType, Undefined, build_schema

from schema.base.loading.later import Later

SCHEMA = build_schema("""
  enum Color { RED GREEN }
  interface Being { name: String }
  type Node implements Being {
    name: String, must: String!, child: Node, mustChild: Node!, list: [Node], strict: [Node!]!
    strictOrNull: [Node!], matrix: [[Int!]], number: Int, mustNumber: Int!, color: Color
    flag: Boolean, ratio: Float, id: ID, thing: Thing, being: Being, numbers(first: Int!): [Int!]
  }
  type Other implements Being { name: String }
  type Foreign { name: String }
  union Thing = Node | Other
  type Query { node: Node, mustNode: Node!, nodes: [Node!], mustNodes: [Node!]!, ok: String }
  type Mutation { one: Node, two: Node!, three: Node }
""")


class Node(dict[str, Any]):
    """Its type decides the type of an abstract field's value."""


class Other(Node): ...


class Foreign(Node): ...


class Nothing(Node): ...


NAMES: dict[type, Any] = {Node: "Node", Other: "Other", Foreign: "Foreign"}


def _name(value: Any, _info: Any, _kind: Any) -> Any:
    if isinstance(value, Nothing):
        return value.get("type")
    return NAMES.get(type(value))


for abstract in ("Being", "Thing"):
    kind: Any = SCHEMA.type_map[abstract]
    kind.resolve_type = _name
for concrete in ("Node", "Other"):
    kind = SCHEMA.type_map[concrete]
    kind.is_type_of = lambda value, _info: not isinstance(value, int | Foreign)
assert isinstance(SCHEMA.type_map["Thing"], GraphQLUnionType)


def refusal() -> GraphQLError:
    return GraphQLError("refused", extensions={"code": "NO"})


def fault() -> ValueError:
    return ValueError("broken")


async def soon(value: Any) -> Any:
    await asyncio.sleep(0)
    return raised(value) if isinstance(value, Exception) else value


async def returned(value: Any) -> Any:
    return value


def raised(value: Exception) -> Any:
    raise value


def future(value: Any) -> "asyncio.Future[Any]":
    made: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
    if isinstance(value, Exception):
        made.set_exception(value)
    else:
        made.set_result(value)
    return made


def later(value: Any) -> Later[Any]:
    """The function of what a loader found raises, awaits or returns."""
    return Later(future(None), lambda _: raised(value) if isinstance(value, Exception) else value)


def awaited_later(value: Any) -> Later[Any]:
    return Later(future(None), lambda _: soon(value))


# What stands in the place of a value, made anew for each execution.
FAULTS: dict[str, Callable[[], Any]] = {
    "nothing": lambda: None,
    "undefined": lambda: Undefined,
    "an exception": fault,
    "a refusal": refusal,
    "a coroutine that raises": lambda: soon(fault()),
    "a coroutine that refuses": lambda: soon(refusal()),
    "a coroutine of an exception": lambda: returned(fault()),
    "a coroutine of nothing": lambda: soon(None),
    "a future that failed": lambda: future(fault()),
    "a future of nothing": lambda: future(None),
    "what fails later": lambda: later(fault()),
    "what is nothing later": lambda: later(None),
    "what awaits later": lambda: awaited_later(None),
    "what awaits a fault later": lambda: awaited_later(fault()),
    "what a lost loader fails": lambda: Later(future(fault()), lambda found: found),
    "a foreign number": lambda: 2**40,
    "a list": lambda: [[1, None], 2],
    "a map": lambda: {"a": 1},
    "an object": object,
    "a text": lambda: "BLUE",
    "a fraction": lambda: 0.5,
    "no number": lambda: float("nan"),
    "a truth": lambda: True,
    "a generator that breaks": lambda: (raised(fault()) for _ in range(2)),
    "a foreign type": lambda: Foreign(name="f"),
    "no type": Nothing,
    "an unknown type": lambda: Nothing(type="Unknown"),
    "a type that is none": lambda: Nothing(type="Color"),
    "a name that is none": lambda: Nothing(type=7),
}
# Only a field is resolved by a call.
CALLS: dict[str, Callable[[], Any]] = {
    "a call that raises": lambda: lambda _info, **_: raised(fault()),
    "a call that refuses": lambda: lambda _info, **_: raised(refusal()),
    "a call of a coroutine": lambda: lambda _info, **_: soon(fault()),
}
