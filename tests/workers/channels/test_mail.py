"""Alerts sent by email, through a real SMTP server."""

import ssl
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from models.channels import deliveries
from settings import Settings
from tests.support import channels as support
from tests.support.channels import assigned, channel, later, sending
from tests.support.mailbox import Mailbox, mailbox
from tests.support.samples import Office
from tests.workers.test_webhooks import certificate_of


@pytest_asyncio.fixture
async def box() -> AsyncIterator[Mailbox]:
    async with mailbox() as box:
        yield box


def mailing(settings: Settings, box: Mailbox, login: str = "") -> Settings:
    update = {
        "smtp_url": f"smtp://{login}localhost:{box.port}",
        "smtp_from": "公海 <seapool@demo.test>",
        "link_template": "https://crm.example/customers/{customerId}",
    }
    return settings.model_copy(update=update)


async def test_an_alert_comes_by_email_to_the_members_own_address(
    office: Office, box: Mailbox, settings: Settings
) -> None:
    li, pool = await office.person("李雷"), await office.pool()
    await channel(li, "EMAIL")
    (customer,) = await assigned(office, pool, li)
    async with sending(mailing(settings, box)) as steps:
        await steps.send()
    (mail,), (receivers,) = box.mails, box.receivers
    (sent,) = await support.deliveries()
    assert receivers == [li.member.email]
    assert (mail["From"], mail["To"]) == ("公海 <seapool@demo.test>", li.member.email)
    assert mail["Subject"] == "Seapool：新提醒（1）"
    assert mail["Message-ID"] == f"<{sent.id.hex}@demo.test>"
    assert mail["Auto-Submitted"] == "auto-generated"
    text = (
        f"{customer.name} 已分配给您。\nhttps://crm.example/customers/Customer_{customer.id.hex}\n"
    )
    assert mail.get_content().replace("\r\n", "\n") == text
    assert sent.status == "DELIVERED"


async def test_a_refused_mail_is_tried_again_with_the_same_id(
    office: Office, box: Mailbox, settings: Settings
) -> None:
    li = await office.person()
    await channel(li, "EMAIL")
    await assigned(office, await office.pool(), li)
    box.refuses = "451 greylisted"
    async with sending(mailing(settings, box)) as steps:
        await steps.send()
        (waiting,) = await support.deliveries()
        assert (waiting.status, waiting.response_status) == ("PENDING", 451)
        assert waiting.fault == "the mail server answered 451"
        box.refuses = ""
        await later("5 seconds")
        await steps.send()
    assert [mail["Message-ID"] for mail in box.mails] == [f"<{waiting.id.hex}@demo.test>"]


async def test_a_mail_server_that_is_away_is_tried_again(
    office: Office, box: Mailbox, settings: Settings
) -> None:
    li = await office.person()
    await channel(li, "EMAIL")
    await assigned(office, await office.pool(), li)
    away = mailing(settings, box).model_copy(update={"smtp_url": "smtp://127.0.0.1:9"})
    async with sending(away) as steps:
        await steps.send()
    (waiting,) = await support.deliveries()
    assert waiting.status == "PENDING"
    assert str(waiting.fault).startswith("the mail server can't be reached: ")


async def test_a_password_goes_only_over_tls(
    office: Office,
    box: Mailbox,
    settings: Settings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    li = await office.person()
    made = await channel(li, "EMAIL")
    certificate = certificate_of("localhost", tmp_path / "mail.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    await deliveries.greet(li, made.id)
    async with sending(mailing(settings, box, "seapool:p%40ss@")) as steps:
        await steps.send()
    assert (box.logins, box.mails) == ([], [])
    await later("10 seconds")
    await deliveries.greet(li, made.id)
    async with (
        mailbox(context) as safe,
        sending(mailing(settings, safe, "seapool:p%40ss@")) as steps,
    ):
        await steps.send()
        assert safe.logins == [(b"seapool", b"p@ss")]
        assert len(safe.mails) == 1


async def test_without_a_mail_server_the_delivery_says_so(
    office: Office, settings: Settings
) -> None:
    li = await office.person()
    made = await channel(li, "EMAIL")
    await deliveries.greet(li, made.id)
    async with sending(settings) as steps:
        await steps.send()
    (failed,) = await support.deliveries()
    assert (failed.status, failed.fault) == (
        "FAILED",
        "this server sends no email",
    )
