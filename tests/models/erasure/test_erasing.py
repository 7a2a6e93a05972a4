"""What an erasure does, besides what goes: see test_everywhere.py for that."""

from uuid import UUID, uuid4

import pytest

from models import database
from models.customers import registration
from models.customers.update import update_customer
from models.erasure.erasing import ErasureReason, erase
from models.ledger import actions, replay
from models.ledger.outcomes import CustomerErased
from models.lists.customer_counts import count_pooled
from models.lists.customers import pooled_customers
from models.lists.left_behind import left_behind
from models.organizations import leaving
from models.ownership import claims, merging, releases
from models.paging import Window
from models.pools.reports import report
from models.refusals import Forbidden, InvalidInput, NotFound
from models.tables import Customer, Pool, WebhookDelivery
from models.viewers import Viewer
from models.webhooks import attempts, outbox, webhooks
from tests.models.webhooks.test_attempts import LEASE
from tests.support.keyed import keyed
from tests.support.samples import Office, done, events, refusal, row, seat, story

REQUESTED = ErasureReason.REQUESTED


@pytest.fixture
async def pool(office: Office) -> Pool:
    return await office.pool(max_hold="P30D")


async def test_whoever_holds_it_loses_it(office: Office, pool: Pool) -> None:
    li, admin, id = await office.person(), await office.admin(), await office.customer(pool)
    await claims.claim(li, [id])
    erased = done(await erase(admin, id, REQUESTED))
    assert (erased.name, erased.owner_id) == ("Erased", None)
    assert await lies_nowhere(erased.id)
    assert (erased.erased_from, erased.erased_at is not None) == (pool.id, True)
    assert await story(id) == ["CREATED", "CLAIMED", "RELEASED", "ERASED"]
    (released,), (told,) = await events(id, "RELEASED"), await events(id, "ERASED")
    assert (released.release_reason, released.former_id) == ("ERASED", li.id)
    assert (told.reason, told.actor_id, told.pool_id) == ("REQUESTED", admin.id, pool.id)
    assert (await seat(pool, li))[0] == 0
    assert await replay.differences() == []


async def lies_nowhere(id: UUID) -> bool:
    return await Customer.filter(id=id, pool_id__isnull=True).exists()


async def test_again_it_changes_nothing(office: Office, pool: Pool) -> None:
    admin, id = await office.admin(), await office.customer(pool)
    first = done(await erase(admin, id, REQUESTED))
    again = done(await erase(admin, id, ErasureReason.UNLAWFUL))
    assert again.erased_at == first.erased_at
    assert await story(id) == ["CREATED", "ERASED"]


async def test_only_admins_of_its_organization_erase(office: Office, pool: Pool) -> None:
    id, manager = await office.customer(pool), await office.person(role="MANAGER")
    assert isinstance(await refusal(erase(manager, id, REQUESTED)), Forbidden)
    admin = await office.admin()
    for wrong in (uuid4(), None):
        assert await refusal(erase(admin, wrong, REQUESTED)) == NotFound()
    assert (await row(id)).erased_at is None


async def test_no_list_no_search_and_no_verb_finds_it(office: Office, pool: Pool) -> None:
    li, admin, id = await office.person(), await office.admin(), await office.customer(pool)
    await claims.claim(li, [id])
    await leaving.deactivate(admin, li.id)
    admin = await office.admin()
    done(await erase(admin, id, REQUESTED))
    how = {"search": "erased", "level": None}
    pages = await pooled_customers(admin, [pool.id], window=Window(9), order="NAME", **how)
    assert pages[pool.id].nodes == []
    assert await count_pooled(admin, [pool.id], search=None, level=None) == {pool.id: 0}
    assert (await left_behind(admin, [li.id], window=Window(9)))[li.id].nodes == []
    assert await claims.claim(admin, [id]) == [NotFound()]
    for act in (
        claims.assign(admin, id, admin.id),
        releases.give_back(admin, id, "不合适"),
        update_customer(admin, id, {"name": "又来了"}),
        merging.merge(admin, await office.customer(pool), id, "同一家"),
        merging.merge(admin, id, await office.customer(pool), "同一家"),
    ):
        assert await refusal(act) == NotFound()
    assert await registration.find_duplicates(admin, {"name": "Erased"}) == []


async def test_its_keys_are_free(office: Office, pool: Pool) -> None:
    li, fields = await office.person(), {"name": "魑魅科技", "phone": "13912345678"}
    first = done(await registration.register(li, pool.id, fields))
    done(await erase(await office.admin(), first.id, REQUESTED))
    second = done(await registration.register(li, pool.id, fields))
    assert second.id != first.id
    assert await replay.differences() == []


async def test_a_merged_one_goes_with_the_one_that_was_kept(office: Office, pool: Pool) -> None:
    admin, (keep, drop) = await office.admin(), await office.customers(pool, 2)
    await merging.merge(admin, keep, drop, "同一家")
    done(await erase(admin, drop, REQUESTED))
    rows = [await row(each) for each in (keep, drop)]
    assert [each.name for each in rows] == ["Erased"] * 2
    assert await lies_nowhere(keep)
    assert await story(keep) == ["CREATED", "MERGED", "ERASED"]
    assert await replay.differences() == []


async def test_reports_count_as_before(office: Office, pool: Pool) -> None:
    li, admin, id = await office.person(), await office.admin(), await office.customer(pool)
    await claims.claim(li, [id])
    await releases.give_back(li, id, "不合适")
    (now,) = await database.rows("SELECT now() - interval '1 day' AS since, now() AS until")

    async def counted() -> object:
        until = now["until"]
        return await report(admin, pool.id, now["since"], until)

    before = await counted()
    done(await erase(admin, id, REQUESTED))
    assert await counted() == before


async def test_a_repeated_key_of_an_erased_customer_says_so(office: Office, pool: Pool) -> None:
    li, admin, id = await office.person(), await office.admin(), await office.customer(pool)
    await claims.claim(li, [id])
    given = ("k1", releases.give_back, id, "不合适")
    done(await keyed(li, *given))
    first = await keyed(admin, "k1", erase, id, REQUESTED)
    problem = await refusal(keyed(li, *given))
    assert isinstance(problem, InvalidInput)
    assert problem.problems[0].path == "idempotencyKey"
    assert "was erased since" in problem.message
    again = await keyed(admin, "k1", erase, id, REQUESTED)
    assert isinstance(again, CustomerErased)
    assert again.customer.id == done(first).id


async def posted(office: Office) -> list[tuple[str, str, str | None]]:
    """What is sent, by action: `take` returns in no order."""
    while await outbox.queue_new():
        pass
    rows = await attempts.take({}, each=9, part=9, most=9, lease=LEASE)
    return sorted((each["action"], each["customer_name"], each["reason"]) for each in rows)


async def hook(admin: Viewer) -> None:
    await webhooks.save(admin, None, "http://127.0.0.1:9/", None, private=True)


async def test_webhooks_get_the_erasure_and_nothing_else_of_it(office: Office, pool: Pool) -> None:
    li, admin = await office.person(), await office.admin()
    await hook(admin)
    id, other = await office.customers(pool, 2)
    await claims.claim(li, [id])
    while await outbox.queue_new():
        pass
    arrived = "UPDATE webhook_delivery SET status = 'DELIVERED', ended_at = now(), next_at = NULL"
    oldest = "(SELECT min(seq) FROM webhook_delivery WHERE customer_id = $1)"
    await database.rows(f"{arrived} WHERE seq = {oldest}", id)
    assert await WebhookDelivery.all().count() == 3
    await releases.give_back(li, id, "找魑魅")
    done(await erase(admin, id, REQUESTED))
    left = await WebhookDelivery.all().values_list("customer_id", "status")
    assert set(left) == {(id, "DELIVERED"), (other, "PENDING")}
    name = (await row(other)).name
    assert await posted(office) == [("CREATED", name, None), ("ERASED", "Erased", "REQUESTED")]
    assert actions.WEBHOOK_TYPES["ERASED"] == "customer.erased"


async def test_a_webhook_is_sent_the_words_of_a_person(office: Office, pool: Pool) -> None:
    li, admin, id = await office.person(), await office.admin(), await office.customer(pool)
    await claims.claim(li, [id])
    await hook(admin)
    await releases.give_back(li, id, "找错人")
    name = (await Customer.get(id=id)).name
    assert await posted(office) == [("RELEASED", name, "找错人")]


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM event_text",
        "UPDATE event_text SET reason = 'x'",
        "TRUNCATE event_text",
        "UPDATE event SET reason = 'x' WHERE action = 'RELEASED'",
        "UPDATE event SET details = '{\"a\": 1}' WHERE action = 'CLAIMED'",
        "UPDATE event SET at = now()",
    ],
)
async def test_the_database_lets_go_of_no_text(office: Office, pool: Pool, statement: str) -> None:
    li, id = await office.person(), await office.customer(pool)
    await claims.claim(li, [id])
    await releases.give_back(li, id, "不合适")
    with pytest.raises(Exception, match=r"append-only|stay until"):
        await database.rows(statement)
    assert (await events(id, "RELEASED"))[0].reason == "不合适"
