"""What an import tells of customers that its member may not see: each key in it is a look-up.

A file of guesses would tell which of them are customers. So rows of visible customers are refused
first, for nothing; rows of hidden ones only as far as the member's look-ups of the day go. Admins
may see all customers.
"""

from collections.abc import Awaitable, Callable

from models import database
from models.customers.csv_known import Known
from models.customers.csv_parsing import Row
from models.duplicates.day_budget import left_today, spend
from models.duplicates.keys import Key
from models.duplicates.misses import missed
from models.refusals import InvalidInput, TooManyLookups
from models.texts.text import Text
from models.viewers import Viewer

# Of one that nobody holds, only administrators of its pool may unmask the contact.
VISIBLE = """
SELECT DISTINCT k.kind, k.key FROM customer_key k
JOIN customer c ON c.organization_id = k.organization_id AND c.id = k.customer_id
WHERE k.organization_id = $1 AND k.key = ANY($2::text[])
  AND k.kind || ':' || k.key = ANY($3::text[])
  AND (c.owner_id = ANY($4::uuid[]) OR c.pool_id = ANY($5::uuid[]))
"""


async def refuse_hidden(
    viewer: Viewer, rows: list[Row], known: Known, refuse: Callable[[Known], Awaitable[None]]
) -> None:
    """Raises what `refuse` raises for the known keys; and TooManyLookups for a used-up day."""
    if viewer.is_admin:
        return await refuse(known)
    left = await lookups_left(viewer)
    visible = await visible_keys(viewer, known)
    await refuse(visible)
    try:
        await refuse(known)
    except InvalidInput:
        await pay(viewer, rows, len(known) - len(visible), left)
        raise
    return None


async def lookups_left(viewer: Viewer) -> int:
    """Raises TooManyLookups if none is left of the day."""
    left = await left_today(viewer)
    if not left:
        raise TooManyLookups(viewer.organization.calendar.next_midnight(viewer.asked_at))
    return left


async def visible_keys(viewer: Viewer, known: Known) -> Known:
    """Return those of the keys that a customer has whose contact the viewer may see."""
    keys, named = [key.value for key in known], [f"{key.kind}:{key.value}" for key in known]
    scope = (viewer.organization.id, keys, named, viewer.holders, list(viewer.administered))
    rows = await database.rows_custom_plan(VISIBLE, *scope) if known else []
    return {key: known[key] for row in rows if (key := Key(row["kind"], row["key"])) in known}


async def pay(viewer: Viewer, rows: list[Row], found: int, left: int) -> None:
    """Count each key of the rows as a look-up; raises InvalidInput if too few are left."""
    blocking = viewer.organization.duplicate_keys
    asked = len({key for row in rows for key in row.keys if key.kind in blocking})
    if await spend(viewer, asked):
        await missed(viewer, asked - found)
        return
    # That there is a hidden one at all is an answer too.
    await spend(viewer, 1)
    raise InvalidInput.at(
        "csv",
        Text(
            "has customers that you may not see: to learn which, import at most {most} names,"
            " numbers and addresses at a time, or ask an admin to import it",
            most=left - 1,
        ),
    )
