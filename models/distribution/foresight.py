"""How many customers new rules would deal out."""

from models import database
from models.distribution.receivers import Dealer, read_receivers
from models.rules.rules import Rules
from models.tables import Pool
from models.viewers import Viewer

COUNT = """
SELECT count(*) AS count FROM customer
WHERE organization_id = $1 AND pool_id = $2 AND owner_id IS NULL AND opened_at <= $3
"""


async def dealt_at_once(viewer: Viewer, pool: Pool, rules: Rules) -> int:
    """Return how many of the pool's open customers there is room for; cool-downs aside."""
    if rules.distribution is None:
        return 0
    dealer = Dealer(
        organization_id=viewer.organization.id,
        pool_id=pool.id,
        rules=rules,
        rules_version=pool.rules_version,
        distribution=rules.distribution,
        calendar=viewer.organization.calendar,
        now=viewer.asked_at,
    )
    rows = await database.rows(COUNT, dealer.organization_id, pool.id, dealer.opened_by)
    waiting = int(rows[0]["count"])
    rooms = [each.left(rules.distribution.quota) for each in await read_receivers(dealer)]
    return waiting if None in rooms else min(waiting, sum(room or 0 for room in rooms))
