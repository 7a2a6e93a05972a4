"""The same key gives the same answer, whatever has happened since."""

import asyncio
from typing import Any

import pytest

from models.ledger import replay
from models.tables import Event
from models.viewers import Viewer
from schema.execution.schema import schema
from tests.support.asking import (
    ASSIGN,
    ASSIGN_MANY,
    CLAIM,
    CLAIMS,
    COMMENT,
    DEAL,
    FOLLOW_UP,
    RELEASE,
    TRANSFER,
    ask,
    customer_gid,
    gid,
    refused,
)
from tests.support.running import Client
from tests.support.samples import Office, row, seat, story

OTHER_REQUEST = {
    "path": "idempotencyKey",
    "message": "was used for another request; use a new key for each request",
}


async def ground(office: Office, api: Client) -> tuple[Viewer, Viewer, str, str]:
    """Li, Han, a customer that nobody holds, and one of Li's. All are managers."""
    pool = await office.pool()
    li, han = await office.person(role="MANAGER"), await office.person(role="MANAGER")
    free, held = map(customer_gid, await office.customers(pool, 2))
    await ask(api, li, CLAIM, customer=held)
    return li, han, free, held


VERBS = {
    "claimCustomer": (CLAIM, "Claimed", "CLAIMED"),
    "claimCustomers": (CLAIMS, "Claimed", "CLAIMED"),
    "releaseCustomer": (RELEASE, "Released", "RELEASED"),
    "assignCustomer": (ASSIGN, "Claimed", "ASSIGNED"),
    "assignCustomers": (ASSIGN_MANY, "Claimed", "ASSIGNED"),
    "transferCustomer": (TRANSFER, "Claimed", "TRANSFERRED"),
    "logFollowUp": (FOLLOW_UP, "Held", "FOLLOWED_UP"),
    "recordDeal": (DEAL, "Held", "WON"),
    "comment": (COMMENT, "Commented", "COMMENTED"),
}


def arguments(verb: str, free: str, held: str, receiver: Viewer) -> dict[str, Any]:
    customer = free if "claim" in verb or "assign" in verb else held
    match verb:
        case "assignCustomers":
            return {"customers": [customer], "member": gid("Member", receiver.id)}
        case "claimCustomers":
            return {"customers": [customer]}
        case "assignCustomer" | "transferCustomer":
            return {"customer": customer, "member": gid("Member", receiver.id)}
    return {"customer": customer}


async def happened(action: str) -> int:
    return await Event.filter(action=action).count()


def test_every_mutation_with_a_key_is_tried() -> None:
    mutations = schema._schema.mutation_type
    assert mutations is not None
    keyed = {name for name, field in mutations.fields.items() if "idempotencyKey" in field.args}
    # A registration asks for no customer that is there, a merge for two, a hand-over or a sheet for
    # many, a channel or an absence for none, an erasure for an admin: their own tests try them.
    others = {"registerCustomer", "mergeCustomers", "handOver", "saveChannel", "importSheet"}
    others |= {"eraseCustomer", "setAbsence", "cancelAbsence"}
    assert keyed == VERBS.keys() | others


@pytest.mark.parametrize("verb", VERBS)
async def test_a_repeated_request_does_nothing_and_answers_the_same(
    api: Client, office: Office, verb: str
) -> None:
    li, han, free, held = await ground(office, api)
    document, done, action = VERBS[verb]
    given = arguments(verb, free, held, han)
    before = await happened(action)
    first = await ask(api, li, document, **given, key="k1")
    assert [each["__typename"] for each in listed(first)] == [done]
    assert await ask(api, li, document, **given, key="k1") == first
    assert await happened(action) == before + 1
    assert await replay.differences() == []


@pytest.mark.parametrize("verb", VERBS)
async def test_a_refusal_stays_one_even_when_the_reason_is_gone(
    api: Client, office: Office, verb: str
) -> None:
    li, han, free, held = await ground(office, api)
    document, done, action = VERBS[verb]
    given = arguments(verb, held, free, han)
    first = await ask(api, li, document, **given, key="k1")
    (no,) = {each["__typename"] for each in listed(first)}
    assert no in ("AlreadyHeld", "NotHolder", "Forbidden")
    if no == "AlreadyHeld":
        await ask(api, li, RELEASE, customer=held)
    else:
        await ask(api, li, CLAIM, customer=free)
    before = await happened(action)
    assert await ask(api, li, document, **given, key="k1") == first
    assert await happened(action) == before
    answer = await ask(api, li, document, **given, key="k2")
    assert [each["__typename"] for each in listed(answer)] == [done]
    assert await happened(action) == before + 1
    assert await replay.differences() == []


@pytest.mark.parametrize("verb", VERBS)
async def test_two_at_the_same_moment_do_it_once_and_answer_the_same(
    api: Client, office: Office, verb: str
) -> None:
    li, han, free, held = await ground(office, api)
    document, done, action = VERBS[verb]
    given = arguments(verb, free, held, han)
    before = await happened(action)
    requests = [ask(api, li, document, **given, key="k1") for _ in range(6)]
    first, *others = await asyncio.gather(*requests)
    assert [each["__typename"] for each in listed(first)] == [done]
    assert others == [first] * 5
    assert await happened(action) == before + 1
    assert await replay.differences() == []


@pytest.mark.parametrize("verb", VERBS)
async def test_another_request_under_the_key_is_refused_and_does_nothing(
    api: Client, office: Office, verb: str
) -> None:
    li, han, free, held = await ground(office, api)
    other = {"claimCustomer": RELEASE}.get(verb, CLAIM)
    await ask(api, li, other, customer=held, key="k1")
    document, _, action = VERBS[verb]
    before = await happened(action)
    given = arguments(verb, free, held, han)
    assert await told(api, li, document, **given, key="k1") == [OTHER_REQUEST]
    assert await happened(action) == before
    assert await replay.differences() == []


async def told(api: Client, who: Viewer, document: str, **given: Any) -> Any:
    """The problems of an InvalidInput, which not every verb's result can name."""
    answer = await api.graphql(who.member, document, **given)
    if "errors" in answer:
        assert answer["errors"][0]["extensions"]["code"] == "InvalidInput"
        return answer["errors"][0]["extensions"]["problems"]
    (value,) = answer["data"].values()
    assert value["__typename"] == "InvalidInput"
    return value["problems"]


@pytest.mark.parametrize(
    ("document", "changed"),
    [(FOLLOW_UP, {"note": "改约下周"}), (FOLLOW_UP, {"kind": "VISIT"}), (DEAL, {"amount": "1"})],
)
async def test_the_key_covers_every_argument(
    api: Client, office: Office, document: str, changed: dict[str, str]
) -> None:
    li, _, _, held = await ground(office, api)
    await ask(api, li, document, customer=held, key="k1")
    assert await told(api, li, document, customer=held, key="k1", **changed) == [OTHER_REQUEST]


async def test_a_batchs_key_covers_the_batch(api: Client, office: Office) -> None:
    pool, li = await office.pool(capacity=2), await office.person()
    customers = [customer_gid(id) for id in await office.customers(pool, 3)]
    requests = [ask(api, li, CLAIMS, customers=customers, key="k1") for _ in range(5)]
    first, *others = await asyncio.gather(*requests)
    assert [each["__typename"] for each in first] == ["Claimed", "Claimed", "CapacityReached"]
    assert others == [first] * 4
    assert await seat(pool, li) == (2, 0, 2)
    assert await told(api, li, CLAIMS, customers=customers[:2], key="k1") == [OTHER_REQUEST]
    assert await told(api, li, CLAIM, customer=customers[0], key="k1") == [OTHER_REQUEST]
    assert await replay.differences() == []


async def test_a_key_is_its_members_own(api: Client, office: Office) -> None:
    pool, li, han = await office.pool(), await office.person(), await office.person()
    first, second = await office.customers(pool, 2)
    await ask(api, li, CLAIM, customer=customer_gid(first), key="k1")
    taken = await ask(api, han, CLAIM, customer=customer_gid(second), key="k1")
    assert taken["__typename"] == "Claimed"
    assert (await row(second)).owner_id == han.id


@pytest.mark.parametrize("key", ["", "x" * 201])
async def test_a_key_has_1_to_200_characters(api: Client, office: Office, key: str) -> None:
    pool, li = await office.pool(), await office.person()
    id = await office.customer(pool)
    no = await refused(api, li, CLAIM, customer=customer_gid(id), key=key)
    problem = {"path": "idempotencyKey", "message": "must have 1 to 200 characters"}
    assert no == {"path": ["claimCustomer"], "code": "InvalidInput", "problems": [problem]}
    assert await told(api, li, RELEASE, customer=customer_gid(id), key=key) == [problem]
    assert await story(id) == ["CREATED"]
    taken = await ask(api, li, CLAIM, customer=customer_gid(id), key="x" * 200)
    assert taken["__typename"] == "Claimed"


async def test_a_request_that_ends_in_an_error_leaves_the_key_unused(
    api: Client, office: Office
) -> None:
    li, id = await office.person(), await office.customer(await office.pool())
    no = await refused(api, li, CLAIMS, customers=[customer_gid(id)] * 101, key="k1")
    assert [each["path"] for each in no["problems"]] == ["customerIds"]
    (taken,) = await ask(api, li, CLAIMS, customers=[customer_gid(id)], key="k1")
    assert taken["__typename"] == "Claimed"


async def test_what_is_invalid_is_answered_again_as_such(api: Client, office: Office) -> None:
    li, _, _, held = await ground(office, api)
    first = await ask(api, li, FOLLOW_UP, customer=held, note=" ", key="k1")
    assert first["problems"] == [
        {"path": "note", "message": "say what happened, in 1 to 5000 characters"}
    ]
    assert await ask(api, li, FOLLOW_UP, customer=held, note=" ", key="k1") == first


async def test_what_is_invalid_leaves_the_key_unused(api: Client, office: Office) -> None:
    li, _, _, held = await ground(office, api)
    await ask(api, li, FOLLOW_UP, customer=held, note="太长" * 5000, key="k1")
    assert await Event.filter(action="ANSWERED").count() == 0
    answer = await ask(api, li, FOLLOW_UP, customer=held, note="谈了报价", key="k1")
    assert answer["__typename"] == "Held"


async def test_the_ledger_keeps_32_bytes_of_a_request(api: Client, office: Office) -> None:
    li, _, _, held = await ground(office, api)
    await ask(api, li, FOLLOW_UP, customer=held, note="谈了报价" * 1000, key="k1")
    (answered,) = await Event.filter(action="ANSWERED")
    assert answered.details.keys() == {"request", "answer"}
    assert len(bytes.fromhex(answered.details["request"])) == 32


def listed(answer: Any) -> list[dict[str, Any]]:
    return answer if isinstance(answer, list) else [answer]
