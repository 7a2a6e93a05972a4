"""Every example of docs/reports.md runs as it stands and answers as the page shows."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from models.customers import registration
from models.holding import follow_ups
from models.ledger import replay
from models.ownership import claims, releases
from models.pools import pools
from models.rules.durations import Span
from models.rules.rules import Rules
from models.tables import Customer, Pool
from models.viewers import Viewer
from tests.docs.pages import Page
from tests.support.asking import ask, gid, refused
from tests.support.running import Client
from tests.support.samples import found, row, time_passes

PAGE = Page("docs/reports.md")
EXAMPLES = PAGE.examples


async def test_a_preview_says_what_the_change_then_does(api: Client) -> None:
    office = await found()
    pool = await office.pool("公海", max_hold="P30D")
    li, admin = await office.person("李雷"), await office.admin()
    ids = await office.customers(pool, 4)
    await claims.claim(li, ids[:3])
    await time_passes("12 days")
    told = await ask(api, admin, EXAMPLES["preview"], pool=gid("Pool", pool.id))
    counts = {name: told[name] for name in ("held", "releasedAtOnce", "earlier", "later")}
    assert counts == {"held": 3, "releasedAtOnce": 3, "earlier": 3, "later": 0}
    assert told["unchanged"] == 0
    assert [tuple(each.values()) for each in told["releasedWithin"]] == [
        ("P1D", 0, 0),
        ("P3D", 0, 3),
        ("P7D", 0, 3),
        ("P14D", 0, 3),
        ("P30D", 3, 3),
    ]
    assert told["overCapacity"] == [{"member": {"name": "李雷"}, "held": 3, "capacity": 2}]
    assert (await Pool.get(id=pool.id)).rules_version == 1
    after = {"capacity": 2, "max_hold": "P10D", "reminders": ["P3D"], "grace": "P2D"}
    changed = await pools.change_rules(admin, pool.id, Rules.from_json(after))
    later = changed.rules_changed_at - datetime.fromisoformat(told["at"])
    held = {each.name: each for each in await Customer.filter(pool_id=pool.id, owner_id=li.id)}
    assert len(told["examples"]) == len(held) == 3
    for each in told["examples"]:
        release_at = held[each["customer"]["name"]].release_at
        assert release_at == datetime.fromisoformat(each["proposed"]) + later
    refusal = (await claims.claim(li, ids[3:]))[0]
    assert type(refusal).__name__ == "CapacityReached"


async def test_advice_uses_the_history_or_the_given_numbers(api: Client) -> None:
    office = await found()
    pool = await office.pool("公海")
    li, admin, id = await office.person("李雷"), await office.admin(), gid("Pool", pool.id)
    missing = await refused(api, admin, EXAMPLES["advise"], pool=id)
    assert [each["path"] for each in missing["problems"]] == ["conversionCycle", "visitsPerDay"]
    given = await ask(api, admin, EXAMPLES["given"], pool=id)
    assert given == {"capacity": 75, "sample": 0, "visits": 0}
    customers = await office.customers(pool, 2)
    await claims.claim(li, customers)
    await visited_and_signed(li, customers)
    told = await ask(api, admin, EXAMPLES["advise"], pool=id)
    assert (told["visitsPerDay"], told["visits"], told["sample"]) == (2.0, 2, 2)
    cycle = Span.parse(told["conversionCycle"]).length
    assert timedelta(days=20) < cycle < timedelta(days=20, hours=1)
    assert told["capacity"] == 40


async def test_a_report_covers_the_period_and_every_member(api: Client) -> None:
    office = await found()
    pool = await office.pool("公海")
    li, han, admin = (
        await office.person("李雷"),
        await office.person("韩梅梅"),
        await office.admin(),
    )
    ids = await office.customers(pool, 3)
    await claims.claim(li, ids[:2])
    await claims.assign(admin, ids[2], han.id)
    await registration.register(li, pool.id, {"name": "云帆科技"})
    await time_passes("6 days")
    await follow_ups.record_deal(han, ids[2], Decimal(1280))
    await releases.give_back(li, ids[0], "没有需求")
    now = datetime.now(UTC)
    period = {"from": (now - timedelta(days=30)).isoformat(), "to": now.isoformat()}
    told = await ask(api, admin, EXAMPLES["report"], pool=gid("Pool", pool.id), **period)
    assert (await row(ids[1])).owner_id == li.id
    hold = Span.parse(told.pop("medianHold")).length
    assert timedelta(days=6) < hold < timedelta(days=6, hours=1)
    assert told == {
        "claims": 3,
        "releases": [{"reason": "GIVEN_BACK", "count": 1}],
        "deals": 1,
        "conversion": 0.25,
        "members": [
            {"member": {"name": "韩梅梅"}, "claims": 0, "releases": 0, "deals": 1, "held": 1},
            {"member": {"name": "李雷"}, "claims": 3, "releases": 1, "deals": 0, "held": 2},
        ],
    }
    before = period | {"to": period["from"]}
    nothing = await ask(api, admin, EXAMPLES["report"], pool=gid("Pool", pool.id), **before)
    assert (nothing["claims"], nothing["conversion"], nothing["medianHold"]) == (0, None, None)
    assert [each["held"] for each in nothing["members"]] == [2, 1]
    assert await replay.differences() == []


def test_every_example_of_the_page_is_run_here() -> None:
    assert PAGE.not_run_by(__file__) == set()


async def visited_and_signed(who: Viewer, customers: list[UUID]) -> None:
    """Log a visit for each customer, and its deal twenty days after the claim."""
    for id in customers:
        await follow_ups.log_follow_up(who, id, "VISIT", "拜访")
    await time_passes("20 days")
    for id in customers:
        await follow_ups.record_deal(who, id, Decimal(1280))
