"""What every object has, and how the domain's classes are told apart."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import strawberry
from graphql import GraphQLResolveInfo

if TYPE_CHECKING:
    pass

from models.database.pagination import Page
from schema.base import ids
from schema.base.context import Info
from schema.base.fields import field
from schema.base.scalars import Cursor


def shows(*kinds: type[Any]) -> Callable[[Any, GraphQLResolveInfo[Any]], bool]:
    """The domain classes whose objects a type shows as they are."""

    def is_type_of(value: Any, _info: GraphQLResolveInfo[Any]) -> bool:
        return isinstance(value, kinds)

    return is_type_of


@strawberry.interface
class Node:
    @field()
    @staticmethod
    def id(root: strawberry.Parent[Any], info: Info) -> strawberry.ID:
        return ids.encode(info._raw_info.parent_type.name, root.id)


@strawberry.type
class PageInfo:
    @field()
    @staticmethod
    def has_next_page(root: strawberry.Parent[Page[Any]]) -> bool:
        return root.has_next

    @field()
    @staticmethod
    def end_cursor(root: strawberry.Parent[Page[Any]]) -> Cursor | None:
        return Cursor(root.end_cursor) if root.end_cursor else None


@strawberry.type
class Paged:
    """A list's page; each connection adds its nodes."""

    @field(PageInfo)
    @staticmethod
    def page_info(root: strawberry.Parent[Page[Any]]) -> Page[Any]:
        return root
