"""What stands in the cells of customers: what the viewer may see, masked as on the page."""

from collections.abc import Collection
from datetime import datetime

from models import tables
from models.exports.words import REASONS
from models.masking.masks import mask_text
from models.rules.deadlines import ReleaseReason
from models.texts.text import Text, render
from schema.base.context import Context
from schema.customers.contact import hidden_fields, shown

Cell = str | int | float | datetime | None

CUSTOMER = (
    Text("Name"),
    Text("Level"),
    Text("Contact person"),
    Text("Phone"),
    Text("Email address"),
    Text("Pool"),
)
POOLED = (*CUSTOMER, Text("In the pool since"))
HELD = (
    *CUSTOMER,
    Text("Owner"),
    Text("Held since"),
    Text("Last follow-up"),
    Text("Signed"),
    Text("Locked"),
    Text("Release"),
    Text("Reason for the release"),
)


async def pooled_cells(context: Context, customer: tables.Customer) -> list[Cell]:
    return [*await _customer_cells(context, customer), customer.opened_at]


async def held_cells(context: Context, customer: tables.Customer) -> list[Cell]:
    assert customer.owner_id
    owner = await context.loaders.members.load(customer.owner_id)
    reason = customer.release_reason and REASONS[ReleaseReason(customer.release_reason)]
    return [
        *await _customer_cells(context, customer),
        owner.name if owner else None,
        customer.claimed_at,
        customer.followed_up_at,
        customer.won_at,
        customer.locked_at,
        customer.release_at,
        reason and render(reason, context.reader),
    ]


async def _customer_cells(context: Context, customer: tables.Customer) -> list[Cell]:
    hidden = await hidden_fields(context, customer)
    contact = shown(customer, hidden)
    pool = await context.loaders.pools.load(customer.pool_id)
    return [
        mask_text(customer.name, hidden),
        masked(customer.level, hidden),
        contact.person,
        contact.phone,
        contact.email,
        pool.name if pool else None,
    ]


def masked(text: str | None, hidden: Collection[str]) -> str | None:
    return None if text is None else mask_text(text, hidden)
