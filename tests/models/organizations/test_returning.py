"""A leaver who returns: the same member, with nothing in hand and no old token."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

from models import database
from models.ledger import replay
from models.organizations import leaving, presence, returning
from models.ownership import claims, leavers
from models.refusals import InvalidInput, Problem
from models.tables import Event, Member, Pool
from models.viewers import Viewer
from tests.support.samples import Office, refusal, row, seat, story, under_way, until

ACTIVE = InvalidInput((Problem("memberId", "is an active member already"),))
NOW = "SELECT clock_timestamp() AS now"


async def gone(office: Office, pool: Pool, held: int = 0) -> tuple[Viewer, list[UUID]]:
    """A leaver, and the customers that they held."""
    leaver, ids = await office.person("李雷"), await office.customers(pool, held)
    await claims.claim(leaver, ids)
    await leaving.deactivate(await office.admin(), leaver.id)
    return leaver, ids


async def test_a_returned_member_is_the_same_one_and_holds_nothing(office: Office) -> None:
    pool, admin = await office.pool(), await office.admin()
    leaver, ids = await gone(office, pool, held=2)
    before = await Member.get(id=leaver.id)
    back = await returning.reactivate(admin, leaver.id)
    assert (back.id, back.name, back.email, back.role) == (
        *(before.id, before.name, before.email),
        before.role,
    )
    assert (back.active, back.department_id) == (True, before.department_id)
    assert await seat(pool, leaver) == (0, 0, 2)
    assert {(await row(id)).owner_id for id in ids} == {None}
    assert await story(ids[0]) == ["CREATED", "CLAIMED", "RELEASED"]
    (event,) = await Event.filter(action="MEMBER_RETURNED")
    assert (event.actor_id, event.member_id) == (admin.id, leaver.id)
    fresh = await office.customer(pool)
    await claims.claim(await office.viewer(leaver.id), [fresh])
    assert (await row(fresh)).owner_id == leaver.id
    assert await replay.differences() == []


async def test_a_member_who_is_here_cannot_return(office: Office) -> None:
    admin, li = await office.admin(), await office.person()
    assert await refusal(returning.reactivate(admin, li.id)) == ACTIVE
    assert (await Member.get(id=li.id)).reactivated_at is None
    assert await Event.filter(action="MEMBER_RETURNED").count() == 0


async def test_the_answer_comes_when_the_second_of_the_return_has_begun(office: Office) -> None:
    admin = await office.admin()
    leaver, _ = await gone(office, await office.pool())
    began = (await database.rows(NOW))[0]["now"]
    back = await returning.reactivate(admin, leaver.id)
    answered = (await database.rows(NOW))[0]["now"]
    assert back.reactivated_at
    assert back.reactivated_at.microsecond == 0
    assert began < back.reactivated_at <= answered
    assert back.reactivated_at - began <= timedelta(seconds=2)
    left = await presence.those_who_left([(office.id, leaver.id)])
    assert left == {(office.id, leaver.id): back.reactivated_at}


async def test_a_return_finishes_the_releases_of_the_leaving_first(office: Office) -> None:
    east, west = await office.pool("华东"), await office.pool("华西")
    leaver, ids = await office.person(), await office.customers(east, 2)
    admin, other = await office.admin(), await office.person(role="ADMIN")
    await claims.claim(leaver, ids)
    await leaving.deactivate(other, leaver.id, west.id)
    # As a process leaves it that dies after the first transaction.
    late = await office.customer(east)
    await claims.claim(leaver, [late])
    await returning.reactivate(admin, leaver.id)
    assert (await row(late)).owner_id is None
    (event,) = await Event.filter(customer_id=late, action="RELEASED")
    assert (event.release_reason, event.actor_id, event.pool_id) == (
        *("MEMBER_LEFT", other.id),
        west.id,
    )
    assert await leavers.release_leavers() == 0
    assert await replay.differences() == []


async def test_a_claim_that_still_runs_is_waited_for(office: Office) -> None:
    pool, admin = await office.pool(), await office.admin()
    leaver, _ = await gone(office, pool, held=1)
    late = await office.customer(pool)

    async def waits() -> bool:
        return bool(
            await database.rows(
                "SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
                " AND query LIKE '%seat%' AND datname = current_database()"
            )
        )

    async with under_way(lambda: claims.claim(leaver, [late])):
        back = asyncio.create_task(returning.reactivate(admin, leaver.id))
        await until(waits)
        assert not (await Member.get(id=leaver.id)).active
    assert (await back).active
    assert (await row(late)).owner_id is None
    assert await replay.differences() == []


async def test_two_returns_at_once_are_one(office: Office) -> None:
    admin = await office.admin()
    leaver, _ = await gone(office, await office.pool(), held=1)
    answers: list[Any] = await asyncio.gather(
        *(returning.reactivate(admin, leaver.id) for _ in range(5)), return_exceptions=True
    )
    assert [isinstance(each, Member) for each in answers].count(True) == 1
    assert [each for each in answers if not isinstance(each, Member)] == [ACTIVE] * 4
    assert await Event.filter(action="MEMBER_RETURNED").count() == 1


async def test_a_second_leaving_counts_only_what_it_released(office: Office) -> None:
    pool, admin = await office.pool(), await office.admin()
    leaver, _ = await gone(office, pool, held=3)
    await returning.reactivate(admin, leaver.id)
    (fresh,) = await office.customers(pool, 1)
    await claims.claim(await office.viewer(leaver.id), [fresh])
    assert (await leaving.deactivate(admin, leaver.id)).released == 1
    assert (await leaving.deactivate(admin, leaver.id)).released == 0
    first = (await returning.reactivate(admin, leaver.id)).reactivated_at
    assert first
    assert await leaving.deactivate(admin, leaver.id)
    second = (await returning.reactivate(admin, leaver.id)).reactivated_at
    assert second
    assert second > first


async def test_a_returned_admin_is_an_admin_again(office: Office) -> None:
    admin, other = await office.admin(), await office.person(role="ADMIN")
    await leaving.deactivate(admin, other.id)
    await returning.reactivate(admin, other.id)
    assert (await office.viewer(other.id)).is_admin
    assert (await leaving.deactivate(other, admin.id)).member.active is False
