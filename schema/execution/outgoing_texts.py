"""The one place where text leaves for a viewer: each String of a type that tells of a customer.

Contacts in it are masked as the customer's own contact is for this viewer. A test finds each type
with a String that is neither here nor known to tell of no customer.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from inspect import isawaitable
from typing import Any

from graphql import GraphQLFieldResolver, GraphQLObjectType, GraphQLSchema, get_named_type

from models import tables
from models.masking.contacts import may_have_contact
from models.masking.masks import mask_text
from schema.base.context import Context
from schema.customers.contact import EVERYTHING, hidden_fields

CustomerOf = Callable[[Any, Context], Awaitable[tables.Customer | None]]


async def _itself(root: tables.Customer, _: Context) -> tables.Customer:
    return root


async def _of_event(root: tables.Event, context: Context) -> tables.Customer | None:
    return await context.loaders.customers.load(root.customer_id) if root.customer_id else None


CUSTOMER_OF: dict[str, CustomerOf] = {
    "Customer": _itself,
    "Event": _of_event,
    "FollowUp": _of_event,
    "Extension": lambda root, context: _of_event(root.request, context),
    "Alert": lambda root, context: _of_event(root.event, context),
}


@dataclass(frozen=True, slots=True)
class Masking:
    """A resolver of a text that may have a contact, and whose customer's contact that may be."""

    resolve: GraphQLFieldResolver
    customer_of: CustomerOf

    def __call__(self, root: Any, info: Any, **arguments: Any) -> Any:
        return self.mask(self.resolve(root, info, **arguments), root, info.context)

    def mask(self, value: Any, root: Any, context: Context) -> Any:
        """Return the text for this viewer, or an awaitable of it."""
        if value is None or (isinstance(value, str) and not may_have_contact(value)):
            return value
        return self._masked(value, root, context)

    async def _masked(self, value: Any, root: Any, context: Context) -> Any:
        text = await value if isawaitable(value) else value
        texts = text if isinstance(text, list) else [text]
        if not any(each and may_have_contact(each) for each in texts):
            return text
        customer = await self.customer_of(root, context)
        hidden = await hidden_fields(context, customer) if customer else EVERYTHING
        shown = [each and mask_text(each, hidden) for each in texts]
        return shown if isinstance(text, list) else shown[0]


def mask_texts(schema: GraphQLSchema) -> None:
    """Make each String field of the types in CUSTOMER_OF mask what it returns."""
    for name, customer_of in CUSTOMER_OF.items():
        kind = schema.type_map[name]
        assert isinstance(kind, GraphQLObjectType)
        for field in kind.fields.values():
            if get_named_type(field.type).name == "String":
                assert field.resolve is not None
                field.resolve = Masking(field.resolve, customer_of)
