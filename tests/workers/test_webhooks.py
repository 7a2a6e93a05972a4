"""Events posted to a real receiver, by the worker's own loop."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from models import database
from models.customers.update import update_customer
from models.holding import follow_ups
from models.ledger import feed
from models.ownership import claims, releases
from models.tables import Event, Webhook, WebhookDelivery
from models.webhooks import attempts, deliveries, outbox, payloads, settling, webhooks
from models.webhooks.answers import Answer
from models.webhooks.settling import Patience
from models.webhooks.signed_post import SignedPost
from schema.base import ids
from settings import Settings
from tests.support.receiver import Receiver, receiving
from tests.support.running import Processes
from tests.support.samples import Office, done, found, until
from workers.pace import Pace
from workers.webhook_sender import Webhooks

SOON = timedelta(milliseconds=50)
IMPATIENT = Patience(first=SOON, longest=SOON, gives_up_after=timedelta(days=1))
BRISK = Pace(seconds=0.05, attempt_seconds=1.0, lease=timedelta(seconds=2))


@pytest_asyncio.fixture
async def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"webhooks_to_private_addresses": True})


@pytest_asyncio.fixture
async def office(database: None) -> Office:
    return await found()


@pytest_asyncio.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as receiver:
        yield receiver


@contextlib.asynccontextmanager
async def posting(
    settings: Settings, patience: Patience = IMPATIENT, pace: Pace = BRISK
) -> AsyncIterator[None]:
    running = asyncio.create_task(Webhooks(settings, patience, pace).run())
    try:
        yield
    finally:
        running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await running


async def hook(office: Office, receiver: Receiver, url: str = "") -> Webhook:
    """A webhook that leads to the receiver, which learns its secret."""
    saved, secret = await webhooks.save(
        await office.admin(), None, url or receiver.url, None, private=True
    )
    assert secret
    receiver.secret = secret
    return saved


async def statuses() -> list[str]:
    return [each.status for each in await WebhookDelivery.all().order_by("seq")]


async def arrived(receiver: Receiver, count: int) -> None:
    async def enough() -> bool:
        return len(receiver.messages) >= count

    await until(enough, 15)


async def ended(count: int) -> list[WebhookDelivery]:
    """All deliveries, when as many have ended."""

    async def enough() -> bool:
        return await WebhookDelivery.filter(ended_at__isnull=False).count() >= count

    await until(enough, 15)
    return await WebhookDelivery.all().order_by("seq")


async def taken_by(office: Office) -> UUID:
    """A customer that was claimed, followed up and given back."""
    pool = await office.pool()
    li = await office.person("李雷")
    id = await office.customer(pool)
    await follow(li, id)
    return id


async def follow(li: Any, id: UUID, why: str = "没有预算") -> None:
    done((await claims.claim(li, [id]))[0])
    done(await follow_ups.log_follow_up(li, id, "CALL", "谈了报价"))
    done(await releases.give_back(li, id, why))


def gid(kind: str, id: UUID) -> str:
    return str(ids.encode(kind, id))


async def test_what_happens_is_posted_signed_and_says_who_and_what_but_no_contact(
    office: Office, receiver: Receiver, settings: Settings
) -> None:
    pool, li = await office.pool(masked=[]), await office.person("李雷")
    id = await office.customer(pool)
    await hook(office, receiver)
    contact = {
        "name": "示例 138 1234 5678",
        "person": "张三",
        "phone": "13812345678",
        "email": "zhang@x.cn",
    }
    await update_customer(await office.admin(), id, contact)
    await follow(li, id, "13812345678 没人接")
    async with posting(settings):
        await ended(4)
    assert receiver.actions == ["UPDATED", "CLAIMED", "FOLLOWED_UP", "RELEASED"]
    released = await Event.get(customer_id=id, action="RELEASED")
    message = receiver.messages[-1]
    at = released.at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    assert message == {
        "type": "customer.released",
        "timestamp": at,
        "data": {
            "id": gid("Event", released.id),
            "action": "RELEASED",
            "customer": {"id": gid("Customer", id), "name": "示例 138****5678"},
            "actor": {"id": gid("Member", li.id), "name": "李雷"},
            "member": {"id": gid("Member", li.id), "name": "李雷"},
            "reason": "138****5678 没人接",
            "at": at,
        },
    }
    assert receiver.ids[-1] == gid("Event", released.id)
    told = str(receiver.messages)
    assert not [
        secret for secret in ("张三", "13812345678", "zhang@x.cn", "谈了报价") if secret in told
    ]
    assert set(receiver.paths) == {"/seapool"}
    assert set(receiver.hosts) == {f"127.0.0.1:{receiver.port}"}


def test_ids_are_written_as_the_api_writes_them() -> None:
    id = UUID(int=7)
    assert payloads.global_id("Customer", id) == ids.encode("Customer", id)


async def test_a_webhook_is_told_what_happens_after_it_was_made(
    office: Office, receiver: Receiver, settings: Settings
) -> None:
    id = await taken_by(office)
    await hook(office, receiver)
    done((await claims.claim(await office.person(), [id]))[0])
    async with posting(settings):
        await ended(1)
        await asyncio.sleep(0.2)
    assert receiver.actions == ["CLAIMED"]


async def test_a_webhook_made_with_a_cursor_is_told_what_happened_since(
    office: Office, receiver: Receiver, settings: Settings
) -> None:
    pool, li = await office.pool(), await office.person()
    id = await office.customer(pool)
    created = await feed.format_cursor(await feed.head(), li.seal)
    await follow(li, id)
    saved, secret = await webhooks.save(
        await office.admin(), None, receiver.url, created, private=True
    )
    receiver.secret = secret or ""
    async with posting(settings):
        await ended(3)
        # The same cursor once more sends nothing twice.
        await webhooks.save(await office.admin(), saved.id, receiver.url, created, private=True)
        await asyncio.sleep(0.3)
    assert receiver.actions == ["CLAIMED", "FOLLOWED_UP", "RELEASED"]


async def test_a_customers_events_arrive_in_order_though_each_fails_first(
    office: Office, receiver: Receiver, settings: Settings
) -> None:
    pool, li = await office.pool(), await office.person()
    chosen = await office.customers(pool, 12)
    await hook(office, receiver)
    for _ in range(2):
        await asyncio.gather(*(follow(li, id) for id in chosen))
    receiver.status = 500
    async with posting(settings):
        await arrived(receiver, 30)
        for id in chosen:
            assert set(receiver.of(gid("Customer", id))) <= {"CLAIMED"}
        receiver.status = 204
        receiver.most_at_once = 0
        receiver.delay = 0.02
        rows = await ended(72)
    story = ["CLAIMED", "FOLLOWED_UP", "RELEASED"] * 2
    for id in chosen:
        data = [message["data"] for message in receiver.messages]
        heard = [each for each in data if each["customer"]["id"] == gid("Customer", id)]
        # Each event at its first arrival; a dict keeps the place of its first key.
        assert list({each["id"]: each["action"] for each in heard}.values()) == story
    assert {row.status for row in rows} == {"DELIVERED"}
    assert 1 < receiver.most_at_once <= BRISK.each


async def test_a_failure_is_tried_again_later_and_later_and_given_up_after_a_day(
    office: Office, receiver: Receiver, settings: Settings
) -> None:
    id = await taken_by(office)
    await hook(office, receiver)
    li = await office.person()
    done((await claims.claim(li, [id]))[0])
    done(await follow_ups.log_follow_up(li, id, "CALL", "在"))
    receiver.status = 503
    patience = Patience(first=timedelta(seconds=5), longest=timedelta(hours=2))
    gaps = []
    for age in ("0 seconds", "7 seconds", "1 hour", "12 hours", "23 hours 30 minutes"):
        first = await attempt(settings, patience, age)
        assert (first.status, first.response_status) == ("PENDING", 503)
        assert first.fault == "it answered 503"
        assert first.next_at is not None
        assert first.attempted_at is not None
        gaps.append(round((first.next_at - first.attempted_at).total_seconds() / 60, 1))
    assert gaps == [0.1, 0.1, 60.0, 120.0, 30.0]
    first = await attempt(settings, patience, "1 day")
    assert (first.status, first.next_at) == ("FAILED", None)
    assert set(receiver.actions) == {"CLAIMED"}
    receiver.status = 204
    async with posting(settings):
        await ended(2)
    assert receiver.actions[-1] == "FOLLOWED_UP"
    assert await statuses() == ["FAILED", "DELIVERED"]
    await deliveries.send_again(await office.admin(), first.id)
    receiver.status = 503
    # It has another day.
    assert (await tried(settings, patience)).status == "PENDING"


async def test_a_receiver_that_is_busy_says_when_to_come_again(
    office: Office, receiver: Receiver, settings: Settings
) -> None:
    await hook(office, receiver)
    await taken_by(office)
    receiver.status, receiver.headers = 429, {"Retry-After": "600"}
    first = await attempt(settings, Patience(), "0 seconds")
    assert first.next_at
    assert first.attempted_at
    assert round((first.next_at - first.attempted_at).total_seconds()) == 600


async def attempt(settings: Settings, patience: Patience, age: str) -> WebhookDelivery:
    """One attempt at the first delivery, as if it had begun so long ago."""
    await outbox.queue_new()
    await database.rows(
        f"UPDATE webhook_delivery SET began_at = now() - interval '{age}', next_at = now()"
        " WHERE seq = (SELECT min(seq) FROM webhook_delivery)"
    )
    return await tried(settings, patience)


async def tried(settings: Settings, patience: Patience) -> WebhookDelivery:
    """One attempt at the only delivery that is due; return the first."""
    async with SignedPost.opened(settings) as post:
        (taken,) = await attempts.take({}, each=8, part=8, most=8, lease=timedelta(seconds=30))
        await settling.settle(taken, await posted(post, taken), patience)
    return await first_delivery()


async def posted(post: SignedPost, taken: dict[str, Any]) -> Answer:
    return await post(taken["url"], taken["secret"], payloads.of_event(taken))


async def first_delivery() -> WebhookDelivery:
    first = await WebhookDelivery.all().order_by("seq").first()
    assert first
    return first


async def test_a_redirect_is_a_failure_and_is_not_followed(
    office: Office, receiver: Receiver, settings: Settings
) -> None:
    async with receiving() as elsewhere:
        receiver.status, receiver.headers = 307, {"Location": elsewhere.url}
        await hook(office, receiver)
        await taken_by(office)
        async with posting(settings):
            await arrived(receiver, 3)
        assert elsewhere.paths == []
    first = await first_delivery()
    assert first.response_status == 307
    assert first.fault == "it answered 307: redirects are not followed"


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
async def test_a_private_address_is_refused_when_the_name_leads_there(
    office: Office, receiver: Receiver, settings: Settings, host: str
) -> None:
    await hook(office, receiver, f"https://{host}:{receiver.port}/seapool")
    await taken_by(office)
    strict = settings.model_copy(update={"webhooks_to_private_addresses": False})
    async with posting(strict):
        await until(lambda: WebhookDelivery.filter(problem__isnull=False).first())
    assert (await first_delivery()).fault == "its address is not a public one"
    assert receiver.paths == []


async def test_another_port_of_the_world_is_not_posted_to(
    office: Office, receiver: Receiver, settings: Settings
) -> None:
    """Saved by an earlier version, or while private addresses were allowed."""
    await hook(office, receiver, "https://1.1.1.1:5432/seapool")
    await taken_by(office)
    strict = settings.model_copy(update={"webhooks_to_private_addresses": False})
    async with posting(strict):
        await until(lambda: WebhookDelivery.filter(problem__isnull=False).first())
    problem = (await first_delivery()).fault
    assert problem == "the address does not use port 443 or 8443"


async def test_without_tls_nothing_is_posted_to_the_world(
    office: Office, receiver: Receiver, settings: Settings
) -> None:
    await hook(office, receiver)
    await taken_by(office)
    strict = settings.model_copy(update={"webhooks_to_private_addresses": False})
    async with posting(strict):
        await until(lambda: WebhookDelivery.filter(problem__isnull=False).first())
    assert (await first_delivery()).fault == "the address does not begin with https://"
    assert receiver.paths == []


async def test_a_name_that_answers_anew_is_connected_to_where_it_was_looked_at(
    office: Office, receiver: Receiver, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    await hook(office, receiver, f"http://rebound.example:{receiver.port}/seapool")
    looked_up = []

    def look_up(host: Any, port: int, *_: Any, **__: Any) -> list[Any]:
        looked_up.append(host)
        address = "127.0.0.1" if looked_up.count(host) == 1 else "203.0.113.1"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    await taken_by(office)
    await outbox.queue_new()
    (one,) = await attempts.take({}, each=1, part=1, most=1, lease=timedelta(seconds=30))
    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    async with SignedPost.opened(settings) as post:
        answer = await posted(post, one)
    assert answer.problem is None
    assert looked_up.count("rebound.example") == 1
    assert receiver.hosts == [f"rebound.example:{receiver.port}"]


@pytest.mark.parametrize(
    ("name", "problem"), [("hooks.example", None), ("other.example", "CERTIFICATE_VERIFY_FAILED")]
)
async def test_the_certificate_must_be_the_names_though_the_address_is_connected_to(
    office: Office,
    settings: Settings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    problem: str | None,
) -> None:
    certificate = certificate_of("hooks.example", tmp_path / "hooks.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    async with receiving(certificate) as receiver, SignedPost.opened(settings) as post:
        await hook(office, receiver, f"https://{name}:{receiver.port}/seapool")
        await taken_by(office)
        await outbox.queue_new()
        (one,) = await attempts.take({}, each=1, part=1, most=1, lease=timedelta(seconds=30))

        def look_up(host: Any, port: int, *_: Any, **__: Any) -> list[Any]:
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

        monkeypatch.setattr(socket, "getaddrinfo", look_up)
        answer = await posted(post, one)
        assert (problem or "None") in str(answer.problem)
        assert len(receiver.messages) == (problem is None)


def certificate_of(name: str, file: Path) -> Path:
    """Signed by itself, with its key in the same file."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    text = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    file.write_bytes(text + made.public_bytes(serialization.Encoding.PEM))
    return file


async def test_one_far_behind_catches_up_and_does_not_hold_up_another(
    office: Office, receiver: Receiver, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "BATCH", 5)
    pool, li = await office.pool(), await office.person()
    old = await office.customers(pool, 12)
    await asyncio.gather(*(follow(li, id) for id in old))
    async with receiving() as behind:
        await hook(office, receiver)
        webhook = await hook(office, behind)
        await Webhook.filter(id=webhook.id).update(read_seq=0, read_txid=0)
        new = await office.customer(pool)
        assert await outbox.queue_new()
        told = await WebhookDelivery.filter(customer_id=new).values_list("webhook_id", flat=True)
        assert set(told) != {webhook.id}
        assert len(told) == 1
        async with posting(settings):
            await ended(50)
        assert receiver.actions == ["CREATED"]
        assert len(behind.actions) == 49


async def test_a_slow_url_does_not_hold_up_another(
    office: Office, receiver: Receiver, settings: Settings
) -> None:
    async with receiving() as slow:
        slow.delay = 30
        await hook(office, slow)
        await hook(office, receiver)
        pool, li = await office.pool(), await office.person()
        before = await office.customers(pool, 40)
        await claims.claim(li, before)
        pace = Pace(seconds=0.05, attempt_seconds=30)
        async with posting(settings, pace=pace):
            await arrived(receiver, 80)
        assert slow.most_at_once == pace.each


async def test_an_attempt_has_only_so_long(
    office: Office, receiver: Receiver, settings: Settings
) -> None:
    await hook(office, receiver)
    await taken_by(office)
    receiver.delay = 30
    async with posting(settings):
        await until(lambda: WebhookDelivery.filter(problem__isnull=False).first())
    first = await first_delivery()
    assert first.fault == "there was no answer within 1 s"
    assert first.response_status is None


async def test_nobody_hears_of_another_organizations_customers(
    office: Office, receiver: Receiver, settings: Settings
) -> None:
    stranger = await found("别家")
    async with receiving() as foreign:
        await hook(office, receiver)
        await hook(stranger, foreign)
        ours, theirs = await taken_by(office), await taken_by(stranger)
        async with posting(settings):
            await ended(8)
        assert {m["data"]["customer"]["id"] for m in receiver.messages} == {gid("Customer", ours)}
        assert {m["data"]["customer"]["id"] for m in foreign.messages} == {gid("Customer", theirs)}


async def test_two_workers_post_each_event_once(
    office: Office, receiver: Receiver, settings: Settings
) -> None:
    await hook(office, receiver)
    pool, li = await office.pool(), await office.person()
    chosen = await office.customers(pool, 10)
    async with posting(settings), posting(settings):
        await asyncio.gather(*(follow(li, id) for id in chosen))
        await ended(40)
    assert sorted(receiver.ids) == sorted(set(receiver.ids))
    assert len(receiver.ids) == 40
    for id in chosen:
        story = ["CREATED", "CLAIMED", "FOLLOWED_UP", "RELEASED"]
        assert receiver.of(gid("Customer", id)) == story


async def test_an_attempt_cut_off_in_the_middle_is_made_again_after_its_lease(
    office: Office, receiver: Receiver, settings: Settings
) -> None:
    await hook(office, receiver)
    id = await taken_by(office)
    receiver.delay = 30
    async with posting(settings):
        await arrived(receiver, 1)
    receiver.delay = 0
    async with posting(settings):
        await ended(4)
    story = ["CREATED", "CREATED", "CLAIMED", "FOLLOWED_UP", "RELEASED"]
    assert receiver.of(gid("Customer", id)) == story
    assert receiver.ids[0] == receiver.ids[1]


async def test_a_killed_worker_is_followed_by_another_that_goes_on_where_it_was(
    office: Office, receiver: Receiver, processes: Processes
) -> None:
    allowed = {"SEAPOOL_WEBHOOKS_TO_PRIVATE_ADDRESSES": "true"}
    await hook(office, receiver)
    worker = await processes.worker(**allowed)
    id = await taken_by(office)
    await ended(4)
    worker.kill()
    await follow(await office.person(), id)
    await processes.worker(**allowed)
    await ended(7)
    story = ["CLAIMED", "FOLLOWED_UP", "RELEASED"]
    assert receiver.of(gid("Customer", id)) == ["CREATED", *story, *story]


async def test_what_is_sent_again_comes_at_once_and_holds_up_nobody(
    office: Office, receiver: Receiver, settings: Settings
) -> None:
    await hook(office, receiver)
    id, admin = await taken_by(office), await office.admin()
    async with posting(settings):
        rows = await ended(4)
        receiver.messages.clear()
        again = await deliveries.send_again(admin, rows[0].id)
        assert again.status == "PENDING"
        await arrived(receiver, 1)
        assert receiver.actions == ["CREATED"]
        await ended(4)
        receiver.refuses = "CREATED"
        await deliveries.send_again(admin, rows[0].id)
        await arrived(receiver, 3)
        await follow(await office.person(), id)
        rows = await ended(6)
    others = [action for action in receiver.actions if action != "CREATED"]
    assert others == ["CLAIMED", "FOLLOWED_UP", "RELEASED"]
    assert [row.status for row in rows] == ["PENDING"] + ["DELIVERED"] * 6
    assert len(set(receiver.ids)) == 7


async def test_what_waits_for_its_turn_is_not_sent_again_before_it(
    office: Office, receiver: Receiver
) -> None:
    await hook(office, receiver)
    await taken_by(office)
    await outbox.queue_new()
    first, second, *_ = await WebhookDelivery.all().order_by("seq")
    again = await deliveries.send_again(await office.admin(), second.id)
    assert (first.next_at is None, again.next_at) == (False, None)


async def test_a_deleted_webhook_hears_no_more(
    office: Office, receiver: Receiver, settings: Settings
) -> None:
    webhook = await hook(office, receiver)
    await taken_by(office)
    receiver.delay = 0.3
    async with posting(settings):
        await arrived(receiver, 1)
        await webhooks.delete(await office.admin(), webhook.id)
        await asyncio.sleep(0.6)
    assert receiver.actions == ["CREATED"]
    assert await WebhookDelivery.all().count() == 0


async def test_what_ended_long_ago_is_forgotten(
    office: Office, receiver: Receiver, settings: Settings
) -> None:
    await hook(office, receiver)
    await taken_by(office)
    async with posting(settings):
        await ended(4)
    await database.rows(
        "UPDATE webhook_delivery SET ended_at = now() - interval '31 days'"
        " WHERE seq = (SELECT min(seq) FROM webhook_delivery)"
    )
    await outbox.forget_old()
    assert await WebhookDelivery.all().count() == 3
