"""What a member asks an import to do, and which rows that makes good."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from models.customers.csv_hidden import lookups_left, pay, visible_keys
from models.customers.csv_known import Known
from models.customers.csv_parsing import MOST_PROBLEMS, Reading
from models.imports import planning
from models.refusals import InvalidInput
from models.viewers import Viewer


@dataclass(frozen=True, slots=True)
class Order:
    """`worksheet`: that of a workbook. `good_rows`: import those although others are bad.

    `updates`: change existing customers.
    """

    pool_id: UUID | None
    sheet_id: UUID | None
    worksheet: str | None = None
    mapping: Sequence[str | None] | None = None
    good_rows: bool = False
    updates: bool = False


async def plan_of(viewer: Viewer, order: Order, reading: Reading, known: Known) -> planning.Plan:
    """Raises InvalidInput with the problems unless the good rows are wanted.

    Customers that the viewer may not see are told of as far as the look-ups of the day go.
    """
    may_change = await planning.changeable(viewer, known) if order.updates else frozenset[UUID]()
    lay_out = partial(planning.plan, viewer, reading, updatable=may_change)
    if viewer.is_admin:
        return _good(await lay_out(known=known), order)
    left = await lookups_left(viewer)
    visible = await visible_keys(viewer, known)
    plan = _good(await lay_out(known=visible), order)
    whole = await lay_out(known=known)
    if len(whole.problems) > len(plan.problems):
        await pay(viewer, reading.rows, len(known) - len(visible), left)
    return _good(whole, order)


def _good(plan: planning.Plan, order: Order) -> planning.Plan:
    if plan.problems and not order.good_rows:
        listed = tuple(plan.problems[:MOST_PROBLEMS])
        raise InvalidInput(listed, unlisted=len(plan.problems) - len(listed))
    return plan
