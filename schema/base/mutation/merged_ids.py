"""A mutation of a customer that was merged away acts on the one that was kept."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any
from uuid import UUID

import strawberry

from models.refusals import NotFound
from models.viewers import kept_ids
from schema.base import ids
from schema.base.context import Info

ID, IDS = "customer_id", "customer_ids"
Act = Callable[[dict[str, Any]], Awaitable[Any]]


async def on_kept(info: Info, arguments: dict[str, Any], act: Act) -> Any:
    """Act; where a customer is not found, look whether it was merged, and act on the kept one.

    So the usual request asks no more than before.
    """
    try:
        answer = await act(arguments)
    except NotFound as refusal:
        answer = refusal
    if isinstance(answer, NotFound) and (given := arguments.get(ID)) is not None:
        for kept in (await _kept(info, [given])).values():
            return await act(arguments | {ID: kept})
    if isinstance(answer, NotFound):
        raise answer
    if isinstance(answer, list) and IDS in arguments:
        return await _each_on_kept(info, arguments, answer, act)
    return answer


async def _each_on_kept(
    info: Info, arguments: dict[str, Any], answers: list[Any], act: Act
) -> list[Any]:
    """A kept customer that the request names more than once, by whichever id, has one answer."""
    answered = dict(zip(arguments[IDS], answers, strict=True))
    missing = [id for id, answer in answered.items() if isinstance(answer, NotFound)]
    kept = await _kept(info, missing) if missing else {}
    left = [id for id in dict.fromkeys(kept.values()) if id not in answered]
    if left:
        answered |= zip(left, await act(arguments | {IDS: left}), strict=True)
    return [answered[kept.get(id, id)] for id in arguments[IDS]]


async def _kept(info: Info, given: Iterable[strawberry.ID]) -> Mapping[str, str]:
    """Return for those of the ids that were merged away the id of the kept customer."""
    decoded: dict[str, UUID | None] = {id: ids.decode(id, "Customer") for id in given}
    merged = await kept_ids(info.context.viewer, decoded.values())
    return {
        id: ids.encode("Customer", merged[uuid]) for id, uuid in decoded.items() if uuid in merged
    }
