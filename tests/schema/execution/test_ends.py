"""The loops of the API end when they are told to, though their connection dies then."""

import pytest

from schema.base.backoff import outlasting, until_available
from schema.execution.streams.sessions import Sessions
from settings import Settings
from tests.support.dying import Dying, ends
from tests.support.samples import Office


async def test_the_check_of_websockets_ends(
    office: Office, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("schema.execution.streams.sessions.CHECK_SECONDS", 0.01)
    dying, sessions = Dying(), Sessions(settings)
    monkeypatch.setattr(sessions, "_close_invalid", dying)
    assert await ends(sessions._check, dying)


@pytest.mark.parametrize("read", [outlasting, until_available])
async def test_a_subscription_that_waits_for_the_database_ends(
    office: Office, read: object
) -> None:
    dying = Dying()
    assert await ends(lambda: read(dying), dying)  # type: ignore[operator]
