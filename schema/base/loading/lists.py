"""A data loader for lists: pages or counts of many parents by one statement."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Hashable, Mapping
from functools import partial
from typing import Any, Generic, TypeVar

from schema.base.loading.loader import Loader, Pace

Parent = TypeVar("Parent", bound=Hashable)
Found = TypeVar("Found")
Arguments = tuple[tuple[str, Hashable], ...]
Read = Callable[..., Awaitable[dict[Parent, Found]]]


class Lists(Generic[Parent, Found]):
    """Pages or counts of many parents; one statement for all that have the same arguments."""

    def __init__(self, read: Read[Parent, Found], pace: Pace) -> None:
        self._loader: Loader[tuple[Parent, Arguments], Found] = Loader(partial(_load, read), pace)

    def load(self, parent: Parent, **arguments: Hashable) -> Awaitable[Found]:
        return self._loader.load((parent, tuple(arguments.items())))


async def _load(
    read: Read[Parent, Found], keys: list[tuple[Parent, Arguments]]
) -> list[Found | BaseException]:
    parents_by_arguments: dict[Arguments, list[Parent]] = defaultdict(list)
    for parent, arguments in keys:
        parents_by_arguments[arguments].append(parent)
    found = {
        arguments: await _read_all(read, parents, arguments)
        for arguments, parents in parents_by_arguments.items()
    }
    return [found[arguments][parent] for parent, arguments in keys]


async def _read_all(
    read: Read[Parent, Found], parents: list[Parent], arguments: Arguments
) -> Mapping[Parent, Any]:
    try:
        return await read(parents, **dict(arguments))
    except Exception as error:
        return dict.fromkeys(parents, error)
