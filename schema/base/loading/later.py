"""What is read by a loader and then becomes something else, without a task for each of it."""

from asyncio import Future
from collections.abc import Awaitable, Callable, Generator
from inspect import isawaitable
from typing import Any, Generic, TypeVar, cast

from schema.base.loading.loader import Loader

Key = TypeVar("Key")
Found = TypeVar("Found")
Made = TypeVar("Made")


class Later(Generic[Made]):
    """An awaitable of what `then` makes of the future's result."""

    __slots__ = ("future", "then")

    def __init__(
        self, future: "Future[Any]", then: Callable[[Any], Made | Awaitable[Made]]
    ) -> None:
        self.future = future
        self.then = then

    def __await__(self) -> Generator[Any, None, Made]:
        made = self.then((yield from self.future.__await__()))
        if isawaitable(made):
            made = yield from made.__await__()
        return cast(Made, made)


def once_loaded(
    loader: Loader[Key, Found], key: Key, then: Callable[[Found], Made | Awaitable[Made]]
) -> Made | Awaitable[Made]:
    """Return what `then` makes of the loader's answer: at once, if the loader has it."""
    found = loader.get(key)
    if not isinstance(found, Future):
        return then(found)
    if found.done() and not found.cancelled():
        return then(found.result())
    return Later(found, then)
