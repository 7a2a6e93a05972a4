"""The ledger rings the channels that may have news."""

from datetime import timedelta

from models import database
from models.channels import reads, ringing
from models.ledger import feed
from models.ledger.actions import ALERTS
from models.ledger.feed import Cursor
from models.ownership import claims
from models.tables import Channel
from tests.support.channels import assigned, channel
from tests.support.samples import Office, under_way

SLACK = "http://127.0.0.1:9/"
NOW = timedelta(0)
# What no channel tells: most of any ledger.
MANY_ANSWERS = """
INSERT INTO event (organization_id, action, actor_id)
SELECT $1, 'ANSWERED', $2 FROM generate_series(1, 3000)
"""


async def ring() -> None:
    while await ringing.ring(NOW):
        pass


async def rung() -> set[str]:
    """The languages of the channels that are due: by them the tests know which is which."""
    return {each.language for each in await Channel.filter(next_at__isnull=False)}


async def test_only_those_whom_an_alert_concerns_are_rung(office: Office) -> None:
    li, han, pool = await office.person(), await office.person(), await office.pool()
    await channel(li, "SLACK", SLACK, language="zh")
    await channel(han, "SLACK", SLACK, language="en")
    await ring()
    assert await rung() == set()
    await assigned(office, pool, li)
    await ring()
    assert await rung() == {"zh"}


async def test_the_organizations_channel_is_rung_by_everybodys_alerts(office: Office) -> None:
    li, pool = await office.person(), await office.pool()
    await channel(await office.admin(), "SLACK", SLACK, for_organization=True)
    id = await office.customer(pool)
    await claims.claim(li, [id])
    await ring()
    assert await rung() == set()
    await assigned(office, pool, li)
    await ring()
    assert await rung() == {"zh"}


async def test_a_channel_hears_nothing_of_what_was_before_it(office: Office) -> None:
    li, pool = await office.person(), await office.pool()
    await assigned(office, pool, li)
    made = await channel(li, "SLACK", SLACK)
    await assigned(office, pool, li, 2)
    low = Cursor(made.read_txid, made.read_seq)
    assert await reads.count(made, low, await feed.head()) == 2


async def test_an_alert_that_is_written_while_a_channel_is_made_rings_it(office: Office) -> None:
    """Its event is older than the channel and settles later: the reader must not be past it."""
    li, pool, admin = await office.person(), await office.pool(), await office.admin()
    (id,) = await office.customers(pool, 1)
    async with under_way(lambda: claims.assign(admin, id, li.id)):
        await ring()
        made = await channel(li, "SLACK", SLACK)
        await ring()
        assert await rung() == set()
    await ring()
    assert await rung() == {"zh"}
    assert await reads.count(made, Cursor(made.read_txid, made.read_seq), await feed.head()) == 1


async def test_while_nobody_has_a_channel_the_reader_keeps_up_with_the_ledger(
    office: Office,
) -> None:
    await assigned(office, await office.pool(), await office.person())
    await ring()
    (position,) = await database.rows(ringing.POSITION)
    assert Cursor(position["txid"], position["seq"]) == await feed.head()


def test_what_an_organizations_channel_reads_leaves_out_no_alert() -> None:
    assert set(reads.QUIET) & ALERTS.keys() == set()


async def test_an_organizations_channel_reads_by_its_own_index(office: Office) -> None:
    sql = "SELECT e.* FROM event e WHERE e.organization_id = $1 AND " + reads.TELLING
    await database.rows(MANY_ANSWERS, office.id, (await office.admin()).id)
    async with database.transaction():
        await database.rows("ANALYZE event")
        plan = await database.rows(f"EXPLAIN {sql} ORDER BY e.txid, e.seq LIMIT 1", office.id)
    assert "event_telling" in str(plan)
