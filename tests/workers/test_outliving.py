"""Loops and jobs outlive faults, but not their own end."""

import asyncio
from typing import Any

import pytest
from arq import Retry

from models import database
from models.webhooks import settling
from models.webhooks.answers import Answer
from models.webhooks.settling import Patience
from settings import Settings
from tests.support.dying import Dying, ends
from tests.support.samples import Office
from workers.jobs import alarm
from workers.webhook_sender import Webhooks
from workers.webhook_settling import settle


async def test_a_job_that_is_cancelled_when_its_connection_has_died_ends(office: Office) -> None:
    dying = Dying()
    assert await ends(lambda: alarm(dying)({}), dying)


async def test_webhooks_that_are_cancelled_when_their_connection_has_died_end(
    office: Office, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    dying, sender = Dying(), Webhooks(settings)
    monkeypatch.setattr(sender, "_read", dying)
    assert await ends(sender.run, dying)


async def test_settling_that_is_cancelled_when_its_connection_has_died_ends(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    dying = Dying()
    monkeypatch.setattr(settling, "settle", dying)
    assert await ends(lambda: settle({}, Answer(204, None), Patience()), dying)


@pytest.mark.parametrize(
    "fault", [ConnectionRefusedError(), TimeoutError(), database.Unavailable("in use")]
)
async def test_a_job_that_meets_a_fault_that_passes_rings_again(fault: Exception) -> None:
    async def ring(_: dict[str, Any]) -> None:
        raise fault

    with pytest.raises(Retry) as raised:
        await alarm(ring)({})
    assert raised.value.defer_score == 500


async def test_a_job_that_is_wrong_fails() -> None:
    async def ring(_: dict[str, Any]) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await alarm(ring)({})


async def test_a_job_ends_before_arq_would_end_and_forget_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("workers.jobs.SECONDS", 0.01)

    async def ring(_: dict[str, Any]) -> None:
        await asyncio.Event().wait()

    with pytest.raises(Retry):
        await alarm(ring)({})
