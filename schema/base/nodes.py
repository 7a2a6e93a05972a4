"""The interfaces Node and Paged, and `shows`, which ties a GraphQL type to a domain class."""

from collections.abc import Callable
from typing import Protocol
from uuid import UUID

import strawberry
from graphql import GraphQLResolveInfo

from models.database.pagination import Page
from schema.base import ids
from schema.base.context import Context, Info
from schema.base.fields import field
from schema.base.scalars import Cursor


def shows(kind: type[object]) -> Callable[[object, GraphQLResolveInfo[Context]], bool]:
    """Return the `is_type_of` of a GraphQL type that resolves from objects of this class."""

    def is_type_of(value: object, _info: GraphQLResolveInfo[Context]) -> bool:
        return isinstance(value, kind)

    return is_type_of


class Identified(Protocol):
    id: UUID


@strawberry.interface
class Node:
    @field()
    @staticmethod
    def id(root: strawberry.Parent[Identified], info: Info) -> strawberry.ID:
        return ids.encode(info._raw_info.parent_type.name, root.id)


@strawberry.type
class PageInfo:
    @field()
    @staticmethod
    def has_next_page(root: strawberry.Parent[Page[object]]) -> bool:
        return root.has_next

    @field()
    @staticmethod
    def end_cursor(root: strawberry.Parent[Page[object]]) -> Cursor | None:
        return Cursor(root.end_cursor) if root.end_cursor else None


@strawberry.type
class Paged:
    """A page of a list; each connection adds its `nodes`."""

    @field(PageInfo)
    @staticmethod
    def page_info(root: strawberry.Parent[Page[object]]) -> Page[object]:
        return root
