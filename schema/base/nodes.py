"""The interfaces Node and Paged, and `shows`, which ties a GraphQL type to a domain class."""

from collections.abc import Awaitable, Callable
from typing import Generic, Protocol, TypeVar
from uuid import UUID

import strawberry
from graphql import GraphQLResolveInfo

from models.paging import Page
from schema.base import ids
from schema.base.context import Context, Info
from schema.base.fields import field
from schema.base.scalars import Cursor

# The type of a connection's nodes.
Of = TypeVar("Of")


def shows(kind: type[object]) -> Callable[[object, GraphQLResolveInfo[Context]], bool]:
    """Return the `is_type_of` of a GraphQL type that resolves from objects of this class."""

    def is_type_of(value: object, _info: GraphQLResolveInfo[Context]) -> bool:
        return isinstance(value, kind)

    return is_type_of


class Identified(Protocol):
    id: UUID


@strawberry.interface(description="What has an id: `node` and `nodes` find it.")
class Node:
    @field()
    @staticmethod
    def id(root: strawberry.Parent[Identified], info: Info) -> strawberry.ID:
        return ids.encode(info._raw_info.parent_type.name, root.id)


@strawberry.type(description="By the specification of Relay's cursor connections.")
class PageInfo:
    start_cursor: Cursor | None
    end_cursor: Cursor | None

    @field(bool)
    @staticmethod
    def has_next_page(root: strawberry.Parent[Page[object]]) -> bool | Awaitable[bool]:
        return root.has_next

    @field(bool)
    @staticmethod
    def has_previous_page(root: strawberry.Parent[Page[object]]) -> bool | Awaitable[bool]:
        return root.has_previous


@strawberry.type(description="An object of a list, and where it is.")
class Edge(Generic[Of]):
    cursor: Cursor
    node: Of


@strawberry.type
class Paged(Generic[Of]):
    """A page of a list; a connection names the type of its nodes."""

    nodes: list[Of]
    edges: list[Edge[Of]]

    @field(PageInfo)
    @staticmethod
    def page_info(root: strawberry.Parent[Page[object]]) -> Page[object]:
        return root


@strawberry.type
class FollowedPage(Paged[Of]):
    """A page of what a subscription tells of."""

    @field(
        description="Where the feed was before the page was read. As `after` of a subscription,"
        " nothing is missed between the page and its first event; some of it may be on the page"
        " already."
    )
    @staticmethod
    async def feed_cursor(info: Info) -> Cursor:
        return Cursor(await info.context.feed_cursor())
