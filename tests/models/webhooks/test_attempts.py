"""Places for attempts: in turn among the organizations, so that no dead receiver takes all."""

from collections import Counter
from datetime import timedelta
from functools import partial
from uuid import UUID

from models.sharding.share import ALL
from models.tables import Webhook
from models.webhooks import attempts, outbox, webhooks
from settings import Settings
from tests.support.samples import Office, found
from workers.pace import Pace
from workers.webhook_sender import Webhooks

LEASE = timedelta(seconds=30)


async def with_deliveries(name: str, how_many: int) -> tuple[Office, Webhook]:
    """An organization with a webhook that has so many due deliveries."""
    office = await found(name)
    hook, _ = await webhooks.save(
        await office.admin(), None, "http://127.0.0.1:9/", None, private=True
    )
    await office.customers(await office.pool(), how_many)
    while await outbox.queue_new():
        pass
    return office, hook


async def taken(busy: dict[UUID, int], *, part: int, most: int) -> Counter[UUID]:
    """How many deliveries of each organization were taken."""
    rows = await attempts.take(busy, each=8, part=part, most=most, lease=LEASE)
    return Counter(row["organization_id"] for row in rows)


async def test_an_organization_with_one_delivery_has_its_place_beside_three_with_many(
    database: None,
) -> None:
    noisy = [(await with_deliveries(f"忙{n}", 12))[0].id for n in range(3)]
    quiet, _ = await with_deliveries("静", 1)
    counts = await taken({}, part=4, most=8)
    assert counts[quiet.id] == 1
    assert sorted(counts[id] for id in noisy) == [2, 2, 3]


async def test_nobody_has_more_places_than_an_organizations_part(database: None) -> None:
    office, hook = await with_deliveries("忙", 12)
    assert await taken({}, part=4, most=100) == {office.id: 4}
    assert await taken({hook.id: 3}, part=4, most=100) == {office.id: 1}
    assert await taken({hook.id: 4}, part=4, most=100) == {}


async def test_who_has_places_already_waits_for_who_has_none(database: None) -> None:
    _, hook = await with_deliveries("忙", 12)
    quiet, _ = await with_deliveries("静", 2)
    assert await taken({hook.id: 3}, part=8, most=2) == {quiet.id: 2}


async def test_so_it_is_where_each_organization_is_served_by_itself(
    settings: Settings, database: None
) -> None:
    noisy = [(await with_deliveries(f"忙{n}", 12))[0].id for n in range(3)]
    quiet, _ = await with_deliveries("静", 1)
    sender = Webhooks(settings, pace=Pace(part=4, most=8), share=ALL)
    counts = Counter[UUID]()
    async for jobs in sender.batches():
        sender.busy.update(each["webhook_id"] for each in jobs)
        counts.update(each["organization_id"] for each in jobs)
    assert counts == dict.fromkeys(noisy, 2) | {quiet.id: 1}


async def test_of_one_organization_none_of_another_is_taken(database: None) -> None:
    (one, hook), _ = await with_deliveries("忙", 12), await with_deliveries("静", 2)
    of_one = partial(attempts.take, organization_id=one.id, each=8, most=100, lease=LEASE)
    rows = await of_one({hook.id: 3}, part=6)
    assert {(row["organization_id"], row["url"]) for row in rows} == {(one.id, hook.url)}
    assert len(rows) == 3
    assert len(await of_one({}, part=100)) == 8
