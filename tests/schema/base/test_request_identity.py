"""Requests under one idempotency key: which are the same, also across releases."""

import json
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
import strawberry

from models import database
from models.ledger import replay
from schema.base.enums import FollowUpKind
from schema.base.mutation.request_identity import request_identity
from schema.customers.inputs import CustomerInput
from tests.support.asking import (
    ASSIGN,
    CLAIM,
    CLAIMS,
    DEAL,
    FOLLOW_UP,
    KEY,
    RELEASE,
    TRANSFER,
    ask,
    customer_gid,
    gid,
    whole,
)
from tests.support.running import Client
from tests.support.samples import Office, story

REGISTER = f"""mutation ($customer: CustomerInput!, $pool: ID!, $key: String) {{
  registerCustomer(customer: $customer, poolId: $pool, {KEY}) {{ {whole("RegisterResult")} }}
}}"""
# As a release wrote it that had no form for all fields yet.
ANSWERED = """
INSERT INTO event (organization_id, action, actor_id, idempotency_key, details)
VALUES ($1, 'ANSWERED', $2, 'k', $3::jsonb)
"""
CUSTOMER, MEMBER, POOL = UUID(int=1), UUID(int=2), UUID(int=3)
GIVEN = {
    "customer": customer_gid(CUSTOMER),
    "member": gid("Member", MEMBER),
    "pool": gid("Pool", POOL),
}
STORED: dict[str, tuple[str, dict[str, Any], list[Any], str]] = {
    "claim": (CLAIM, {}, ["claim", [str(CUSTOMER)]], "Claimed"),
    "claim of many": (
        CLAIMS,
        {"customers": [GIVEN["customer"], "nobody"]},
        ["claim", [str(CUSTOMER), str(UUID(int=0))]],
        "Claimed",
    ),
    "release": (
        RELEASE,
        {"pool": None},
        ["release", str(CUSTOMER), "没有需求", "None"],
        "Released",
    ),
    "release into a pool": (
        RELEASE,
        {},
        ["release", str(CUSTOMER), "没有需求", str(POOL)],
        "Released",
    ),
    "assign": (ASSIGN, {}, ["assign", str(CUSTOMER), str(MEMBER)], "Claimed"),
    "transfer": (TRANSFER, {}, ["transfer", str(CUSTOMER), str(MEMBER)], "Claimed"),
    "follow up": (FOLLOW_UP, {}, ["follow up", str(CUSTOMER), "CALL", "谈了报价"], "Held"),
    "deal": (DEAL, {}, ["deal", str(CUSTOMER), "1280.50"], "Held"),
    "register": (
        REGISTER,
        {"customer": {"name": "云帆科技", "registrationNumber": "91330100", "level": None}},
        [
            "register",
            str(POOL),
            {"name": "云帆科技", "registrationNumber": "91330100", "level": None},
        ],
        "Claimed",
    ),
}


@pytest.mark.parametrize("verb", STORED)
async def test_a_key_used_before_the_deploy_gives_the_first_answer(
    api: Client, office: Office, verb: str
) -> None:
    document, given, request, done = STORED[verb]
    li, id = await office.person(), await office.customer(await office.pool())
    first = [{"type": done, "customer": str(id)}] * (2 if document == CLAIMS else 1)
    details = json.dumps({"request": request, "answer": first})
    await database.rows(ANSWERED, office.id, li.id, details)
    variables = {name: value for name, value in (GIVEN | given).items() if f"${name}:" in document}
    answer = await ask(api, li, document, **variables, key="k")
    answers = answer if isinstance(answer, list) else [answer]
    again = {"__typename": done, "customer": {"id": customer_gid(id), "owner": None}}
    assert answers == [again] * len(first)
    assert await story(id) == ["CREATED"]
    assert await replay.differences() == []


async def test_a_claim_of_one_is_the_same_request_alone_and_in_a_list(
    api: Client, office: Office
) -> None:
    li, id = await office.person(), await office.customer(await office.pool())
    first = await ask(api, li, CLAIM, customer=customer_gid(id), key="k")
    assert await ask(api, li, CLAIMS, customers=[customer_gid(id)], key="k") == [first]
    assert await story(id) == ["CREATED", "CLAIMED"]


def test_a_field_without_an_earlier_form_is_its_name_and_its_arguments() -> None:
    arguments = {
        "customer": CustomerInput(name="云帆", level=None, phone=strawberry.UNSET),
        "kinds": [FollowUpKind.CALL],
        "amount": Decimal("1.50"),
        "urgent": True,
        "count": 2,
        "note": None,
    }
    identity = request_identity("praiseCustomer", arguments)
    assert identity == [
        "praiseCustomer",
        {
            "customer": {"name": "云帆", "level": None},
            "kinds": ["CALL"],
            "amount": "1.50",
            "urgent": True,
            "count": 2,
            "note": None,
        },
    ]
    assert json.loads(json.dumps(identity)) == identity
