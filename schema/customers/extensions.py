"""More time for a customer: asked for by its owner, decided by an administrator."""

from collections.abc import Awaitable
from typing import Annotated, Any

import strawberry

from models import tables
from models.holding import extension_decisions, extension_reads, extensions
from models.rules.durations import Span
from schema.base import ids
from schema.base.context import Info
from schema.base.enums import ExtensionStatus
from schema.base.fields import field
from schema.base.mutation import mutation
from schema.base.nodes import Node, Paged, shows
from schema.base.references import CUSTOMER, MEMBER
from schema.base.refusals import Forbidden, InvalidInput, NotFound, NotHolder


@strawberry.type(description="A request of an owner for more time, and what became of it.")
class Extension(Node):
    is_type_of = shows(extension_reads.Extension)

    by: Span
    status: ExtensionStatus = strawberry.field(
        description="Declined without `decidedBy`: the customer left its owner before a decision."
    )
    note: str | None

    @field(CUSTOMER)
    @staticmethod
    def customer(
        root: strawberry.Parent[extension_reads.Extension], info: Info
    ) -> Awaitable[tables.Customer | None]:
        assert root.request.customer_id is not None
        return info.context.loaders.customers.load(root.request.customer_id)

    @field()
    @staticmethod
    def reason(root: strawberry.Parent[extension_reads.Extension]) -> str:
        return root.request.reason or ""

    @field(MEMBER | None)
    @staticmethod
    def decided_by(
        root: strawberry.Parent[extension_reads.Extension], info: Info
    ) -> Awaitable[tables.Member | None] | None:
        return info.context.loaders.members.load(root.decider_id) if root.decider_id else None


@strawberry.type
class ExtensionConnection(Paged[Extension]):
    pass


ExtensionResult = Annotated[
    Extension | NotHolder | Forbidden | NotFound | InvalidInput,
    strawberry.union("ExtensionResult"),
]


@strawberry.type
class Extensions:
    @mutation(
        ExtensionResult,
        description="Ask for more time for a held customer, at most the rules' `extensionLimit`."
        " Its owner; others decide.",
    )
    @staticmethod
    async def request_extension(
        info: Info, customer_id: strawberry.ID, by: Span, reason: str
    ) -> Any:
        customer = ids.decode(customer_id, "Customer")
        return await extensions.ask(info.context.viewer, customer, by, reason)

    @mutation(
        ExtensionResult,
        description="Approve a request, or decline it. Administrators of the pool, and who leads"
        " its owner; nobody on a request of their own.",
    )
    @staticmethod
    async def decide_extension(
        info: Info, extension_id: strawberry.ID, approve: bool, note: str | None = None
    ) -> Any:
        extension = ids.decode(extension_id, "Extension")
        return await extension_decisions.decide(info.context.viewer, extension, approve, note)
