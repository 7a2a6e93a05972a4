"""Texts that the release before wrote into events: they move, read the same, and can be erased."""

import json
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from models import database
from models.erasure import moving
from models.erasure.erasing import ErasureReason, erase
from models.erasure.moving import REPEATED_WITHIN, move_all
from models.ledger import replay
from models.ledger.idempotency import digest
from models.ownership import claims
from models.tables import Event, Pool
from tests.support.samples import Office, done, events, under_way

OLD = """
INSERT INTO event (organization_id, customer_id, epoch, action, actor_id, reason, release_reason,
  details)
VALUES ($1, $2, 1, $3, $4, $5, $6, $7::jsonb)
"""
Told = tuple[str, str | None, str | None, dict[str, Any]]
# As the release before writes them: action, reason, reason of the release, details.
WRITTEN: tuple[Told, ...] = (
    ("FOLLOWED_UP", None, None, {"kind": "VISIT", "note": "见了魑魅"}),
    ("UPDATED", None, None, {"changed": {"phone": "13912345678", "email": None}}),
    ("KEY_RELEASED", None, None, {"key": "PHONE", "value": "13912345678"}),
    ("RELEASED", "魑魅不要", "GIVEN_BACK", {"from_pool": "x"}),
    ("EXTENDED", "魑魅说好", None, {"extension": "x", "extended_to": "2026-11-23T08:00:00+00:00"}),
)
# These have no text of a person.
STAYING: tuple[Told, ...] = (
    ("MOVED", None, None, {}),
    ("RELEASED", "MAX_HOLD", "MAX_HOLD", {"rules_version": 1}),
    ("ASSIGNED", "A release by rule was taken back.", None, {"undoes": "x"}),
    ("FOLLOWED_UP", None, None, {"kind": "CALL", "note": ""}),
)
HOW_MANY = "SELECT count(*) AS n FROM event_text"


@pytest.fixture
async def pool(office: Office) -> Pool:
    return await office.pool()


async def written(office: Office, id: UUID, *texts: Told) -> None:
    for action, reason, rule, details in texts:
        values = (office.id, id, action, office.founder.id, reason, rule)
        await database.rows(OLD, *values, json.dumps(details, ensure_ascii=False))


async def read(id: UUID) -> list[Told]:
    """As people read it."""
    found = [
        each
        for action in (
            "FOLLOWED_UP",
            "UPDATED",
            "KEY_RELEASED",
            "RELEASED",
            "EXTENDED",
            "MOVED",
            "ASSIGNED",
        )
        for each in await events(id, action)
    ]
    found.sort(key=lambda each: each.seq)
    return [(each.action, each.reason, each.release_reason, each.details) for each in found]


async def raw() -> str:
    return str(await Event.all().values("reason", "details"))


async def test_they_move_and_read_the_same(office: Office, pool: Pool) -> None:
    id = await office.customer(pool)
    await written(office, id, *WRITTEN[:3], *STAYING[:1])
    before = await read(id)
    assert before == [*WRITTEN[:3], *STAYING[:1]]
    assert await move_all() == 3
    assert await read(id) == before
    assert "魑魅" not in await raw()
    assert "13912345678" not in await raw()
    assert (await database.rows(HOW_MANY))[0]["n"] == 3
    assert await move_all() == 0


async def test_each_slice_goes_on_behind_the_one_before(
    office: Office, pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not from the first text: what has moved would be passed over again and again."""
    monkeypatch.setattr(moving, "SLICE", 2)
    for id in await office.customers(pool, 5):
        await written(office, id, WRITTEN[0])
    places = []

    async def fetch(sql: str, *values: Any) -> list[Any]:
        if sql is moving.KEEP:
            places.append(values[2])
        return await database.rows(sql, *values)

    assert await move_all(fetch=fetch) == 5
    assert len(places) == 4
    assert places == sorted(set(places))


@pytest.mark.parametrize("text", WRITTEN + STAYING, ids=lambda each: f"{each[0]} {each[1]}")
async def test_what_a_person_wrote_moves_and_nothing_else(
    office: Office, pool: Pool, text: Told
) -> None:
    id = await office.customer(pool)
    await written(office, id, text)
    assert await move_all() == (text in WRITTEN)
    assert await read(id) == [text]
    assert "魑魅" not in await raw()


async def test_an_erasure_takes_what_has_not_moved(office: Office, pool: Pool) -> None:
    id = await office.customer(pool)
    await written(office, id, WRITTEN[0])
    done(await erase(await office.admin(), id, ErasureReason.REQUESTED))
    assert "魑魅" not in await raw()
    assert (await database.rows(HOW_MANY))[0]["n"] == 0
    assert [each.details for each in await events(id, "FOLLOWED_UP")] == [
        {"kind": "VISIT", "note": ""}
    ]


async def test_a_move_beside_an_erasure_brings_nothing_back(office: Office, pool: Pool) -> None:
    id, admin = await office.customer(pool), await office.admin()
    await written(office, id, WRITTEN[0])
    async with under_way(lambda: erase(admin, id, ErasureReason.REQUESTED)):
        await move_all()
    await move_all()
    assert (await database.rows(HOW_MANY))[0]["n"] == 0


async def test_changes_of_a_customer_without_keys_wait_for_them(office: Office, pool: Pool) -> None:
    id = await office.customer(pool)
    await database.rows("UPDATE customer SET keyed_at = NULL WHERE id = $1", id)
    await written(office, id, WRITTEN[1])
    assert await move_all() == 0
    await database.rows("UPDATE customer SET keyed_at = now() WHERE id = $1", id)
    assert await move_all() == 1


REQUEST = ["register", "x", {"name": "魑魅科技"}]
ANOTHER = ["register", "x", {"name": "魑魅软件"}]


async def stored(office: Office, age: timedelta, *requests: list[Any]) -> None:
    """Requests as 0.2 stores them beside their answers, the first one under the key k0."""
    for n, request in enumerate(requests or [REQUEST]):
        await stored_one(office, age, f"k{n}", request)


async def stored_one(office: Office, age: timedelta, key: str, request: list[Any]) -> None:
    await database.rows(
        "INSERT INTO event (organization_id, action, actor_id, idempotency_key, details, at)"
        " VALUES ($1, 'ANSWERED', $2, $5, $3::jsonb, now() - $4::interval)",
        office.id,
        office.founder.id,
        json.dumps({"request": request, "answer": []}, ensure_ascii=False),
        age,
        key,
    )


async def stored_requests() -> list[Any]:
    answered = await Event.filter(action="ANSWERED").order_by("idempotency_key")
    return [each.details["request"] for each in answered]


async def test_each_stored_request_becomes_its_own_digest(office: Office, pool: Pool) -> None:
    await stored(office, REPEATED_WITHIN + timedelta(seconds=1), REQUEST, ANOTHER)
    assert await move_all() == 2
    assert await stored_requests() == [digest(REQUEST), digest(ANOTHER)]
    assert await move_all() == 0


async def test_the_release_before_can_answer_a_key_that_is_repeated_soon(
    office: Office, pool: Pool
) -> None:
    """It takes a digest for another request."""
    await stored(office, REPEATED_WITHIN - timedelta(minutes=1))
    assert await move_all() == 0
    assert await stored_requests() == [REQUEST]


async def test_an_erasure_shortens_each_request_of_the_organization(
    office: Office, pool: Pool
) -> None:
    """Any of them may name the customer."""
    await stored(office, timedelta())
    id = await office.customer(pool)
    done(await erase(await office.admin(), id, ErasureReason.REQUESTED))
    assert await stored_requests() == [digest(REQUEST)]


async def test_a_claim_writes_no_text(office: Office, pool: Pool) -> None:
    await claims.claim(await office.person(), [await office.customer(pool)])
    assert (await database.rows(HOW_MANY))[0]["n"] == 0
    assert await replay.differences() == []
