"""A pool's report beside the ledger, told row by row."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from statistics import median
from uuid import UUID

import pytest

from models import database
from models.holding import follow_ups
from models.ownership import claims, releases, transfers
from models.ownership.drain import release_due
from models.pools.reports import LONGEST, check_period, report
from models.rules.durations import Span
from models.tables import Event
from tests.support.asking import ask, gid, refused
from tests.support.running import Client
from tests.support.samples import Office, found, time_passes

REPORT = """query ($pool: ID!, $from: DateTime!, $to: DateTime!) {
  poolReport(poolId: $pool, from: $from, to: $to) {
    claims releases { reason count } deals conversion medianHold
    members { member { id } claims releases deals held }
  }
}"""


TICK = timedelta(microseconds=1)
NAMES = ("CLAIMED", "WON", "RELEASED")


def year() -> dict[str, str]:
    now = datetime.now(UTC)
    return {
        "from": (now - timedelta(days=365)).isoformat(),
        "to": (now + timedelta(days=1)).isoformat(),
    }


async def test_a_report_equals_the_ledger_row_by_row(api: Client, office: Office) -> None:
    pool, other = await office.pool(max_hold="P9D"), await office.pool()
    li, han = await office.person(), await office.person()
    ids = await office.customers(pool, 8)
    admin = await office.admin()
    await claims.claim(li, ids[:6])
    await time_passes("2 days")
    await claims.assign(admin, ids[6], han.id)
    await transfers.transfer(admin, ids[0], han.id)
    await follow_ups.record_deal(han, ids[0], Decimal(5))
    await follow_ups.record_deal(li, ids[1], Decimal(5))
    await releases.give_back(li, ids[2], "不合适")
    await releases.give_back(li, ids[3], "不合适", other.id)
    await claims.claim(han, [ids[3]])
    await time_passes("8 days")
    await release_due()
    told = await ask(api, await office.admin(), REPORT, pool=gid("Pool", pool.id), **year())
    rows = [
        e
        for e in await Event.all().order_by("seq")
        if (e.details.get("from_pool") or str(e.pool_id)) == str(pool.id)
    ]
    count = Counter(e.action for e in rows)
    reasons = Counter(e.release_reason for e in rows if e.action == "RELEASED")
    assert (told["claims"], told["deals"]) == (count["CLAIMED"], count["WON"]) == (6, 2)
    assert {each["reason"]: each["count"] for each in told["releases"]} == reasons
    assert reasons == {"GIVEN_BACK": 2, "MAX_HOLD": 2}
    # Seven were taken from the pool, and two of them signed: one of those after a transfer.
    assert told["conversion"] == 2 / 7
    since = {
        (e.customer_id, e.epoch): e.at
        for e in rows
        if e.action in ("CLAIMED", "ASSIGNED", "TRANSFERRED")
    }
    lasted = [
        (e.at - since[e.customer_id, e.epoch]) / timedelta(microseconds=1)
        for e in rows
        if e.action == "RELEASED"
    ]
    # Half a microsecond may go either way.
    told_as = Span.parse(told["medianHold"]).length / timedelta(microseconds=1)
    assert told_as == pytest.approx(median(lasted), abs=1)
    by_member = Counter((gid("Member", e.member_id), e.action) for e in rows if e.member_id)
    seats = await database.rows("SELECT member_id, held FROM seat WHERE pool_id = $1", pool.id)
    held = {gid("Member", row["member_id"]): row["held"] for row in seats}
    assert len(told["members"]) == 2
    for each in told["members"]:
        id = each["member"]["id"]
        names = {"claims": "CLAIMED", "releases": "RELEASED", "deals": "WON"}
        assert {n: each[n] for n in names} == {n: by_member[id, a] for n, a in names.items()}
        assert each["held"] == held[id]


async def test_a_period_begins_with_from_and_ends_before_to(api: Client, office: Office) -> None:
    pool, li = await office.pool(), await office.person()
    id = await office.customer(pool)
    await claims.claim(li, [id])
    event = await Event.get(action="CLAIMED")
    pool_id, admin = gid("Pool", pool.id), await office.admin()
    for since, until, seen in ((event.at, event.at + TICK, 1), (event.at - TICK, event.at, 0)):
        period = {"from": since.isoformat(), "to": until.isoformat()}
        told = await ask(api, admin, REPORT, pool=pool_id, **period)
        assert told["claims"] == seen
        assert told["conversion"] == (0 if seen else None)
        assert told["medianHold"] is None
        assert [each["claims"] for each in told["members"]] == [seen]
    # Nobody is listed who neither did anything in the period nor holds anything now.
    await releases.give_back(li, id, "不合适")
    assert (await ask(api, admin, REPORT, pool=pool_id, **period))["members"] == []
    (member,) = (await report(admin, pool.id, event.at, event.at + TICK)).members
    assert (member.claims, member.held) == (1, 0)


async def test_what_happened_is_of_its_own_moment_and_of_the_pool_that_it_left(
    office: Office,
) -> None:
    pool, other, li = await office.pool(), await office.pool(), await office.person()
    for target in (None, other.id):
        id = await office.customer(pool)
        await claims.claim(li, [id])
        await follow_ups.record_deal(li, id, Decimal(1))
        await releases.give_back(li, id, "不合适", target)
    admin = await office.admin()

    async def told(pool_id: UUID, since: datetime, until: datetime) -> tuple[int, int, int]:
        found = await report(admin, pool_id, since, until)
        return found.claims, found.deals, sum(each.count for each in found.releases)

    happened = await Event.filter(action__in=NAMES, member_id=li.id).order_by("seq")
    assert [each.action for each in happened] == [*NAMES, *NAMES]
    for event in happened:
        at = event.at
        expected = tuple(int(name == event.action) for name in NAMES)
        assert await told(pool.id, at, at + TICK) == expected
        assert await told(pool.id, at - TICK, at) == (0, 0, 0)
        assert await told(other.id, at, at + TICK) == (0, 0, 0)


async def test_a_share_is_of_those_taken_and_signed_in_the_period(office: Office) -> None:
    pool, li = await office.pool(), await office.person()
    first, second = await office.customers(pool, 2)
    await claims.claim(li, [first])
    await claims.claim(li, [second])
    await follow_ups.record_deal(li, first, Decimal(1))
    admin = await office.admin()
    one, two, won = [
        each.at for each in await Event.filter(action__in=("CLAIMED", "WON")).order_by("seq")
    ]
    for since, until, share in (
        (one, won + TICK, 0.5),
        (one, won, 0.0),
        (one + TICK, won + TICK, 0.0),
        (two + TICK, won + TICK, None),
    ):
        assert (await report(admin, pool.id, since, until)).conversion == share


async def test_a_clock_that_was_put_back_makes_no_hold_shorter_than_nothing(
    api: Client, office: Office
) -> None:
    pool, li = await office.pool(), await office.person()
    id = await office.customer(pool)
    await claims.claim(li, [id])
    await time_passes("-1 hour")
    await releases.give_back(li, id, "不合适")
    told = await ask(api, await office.admin(), REPORT, pool=gid("Pool", pool.id), **year())
    assert told["medianHold"] == "PT0S"


def test_a_period_may_be_empty_or_ten_years_long() -> None:
    since = datetime(2026, 1, 1, tzinfo=UTC)
    check_period(since, since)
    check_period(since, since + LONGEST)


async def test_a_wrong_period_is_named(api: Client, office: Office) -> None:
    pool, admin = gid("Pool", (await office.pool()).id), await office.admin()
    backwards = {"from": "2026-02-01T00:00:00Z", "to": "2026-01-01T00:00:00Z"}
    endless = {"from": "2016-01-01T00:00:00Z", "to": "2026-01-01T00:00:01Z"}
    for period, path in ((backwards, "from"), (endless, "to")):
        told = await refused(api, admin, REPORT, pool=pool, **period)
        assert (told["code"], told["problems"][0]["path"]) == ("InvalidInput", path)


async def test_only_who_runs_the_pool_reads_its_report(api: Client, office: Office) -> None:
    pool, li = gid("Pool", (await office.pool()).id), await office.person()
    outsider = await (await found("别家")).admin()
    assert (await refused(api, li, REPORT, pool=pool, **year()))["code"] == "Forbidden"
    assert (await refused(api, outsider, REPORT, pool=pool, **year()))["code"] == "NotFound"
