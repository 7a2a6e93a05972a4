"""The reader's language, through HTTP and websockets."""

import json
import re
from typing import Any

import pytest
from websockets.asyncio.client import connect

from models.ownership import claims, releases
from models.texts.text import Language
from models.viewers import Viewer
from schema.execution.languages import language_of
from tests.support.asking import CHECK, CLAIM, FOLLOW_UP, customer_gid, said
from tests.support.running import Client
from tests.support.samples import Office, found, row

CHINESE, ENGLISH = "zh-CN,zh;q=0.9,en;q=0.8", "en-GB, zh;q=0.5"
FORECAST = """query ($id: ID!) { customer(id: $id) { holding { release {
  reason conditions { reason at remedy } } } } }"""
ALERTS = "{ viewer { alerts { nodes { kind message } } } }"
NEXT = "subscription { releaseAlerts { kind message } }"


async def told(api: Client, who: Viewer, language: str, document: str, **given: Any) -> Any:
    (answer,) = (await said(api, who, language, document, **given))["data"].values()
    return answer


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("zh-CN", "zh"),
        ("zh", "zh"),
        ("ZH-hans-CN", "zh"),
        (CHINESE, "zh"),
        (ENGLISH, "en"),
        ("en;q=0.4, zh-CN;q=0.5", "zh"),
        ("fr, zh;q=0.1", "zh"),
        ("zh;q=0, en", "en"),
        ("zh;q=0", "en"),
        ("zh,en", "zh"),
        ("en,zh", "en"),
        ("*, en;q=0.5", "zh"),
        ("*", "en"),
        ("fr", "en"),
        ("", "en"),
        ("zh;q=nonsense", "en"),
        ("zh," * 400, "en"),
        (None, "en"),
        (["zh"], "en"),
    ],
)
def test_the_language_that_is_wanted_most_is_answered(accepted: object, language: str) -> None:
    assert language_of(accepted) is Language(language)


async def test_a_refusal_is_said_to_its_reader_by_the_organizations_clock(
    api: Client, office: Office
) -> None:
    pool = await office.pool(reclaim_cooldown="PT36H")
    li, id = await office.person(), await office.customer(pool)
    await claims.claim(li, [id])
    await releases.give_back(li, id, "没有需求")
    chinese = await told(api, li, CHINESE, CLAIM, customer=customer_gid(id))
    english = await told(api, li, ENGLISH, CLAIM, customer=customer_gid(id))
    assert chinese["until"] == english["until"]
    assert re.fullmatch(
        r"您最近刚退回或失去该客户，\d{4}年\d+月\d+日 \d\d:\d\d(:\d\d)?（UTC\+8）起可再次领取。",
        chinese["message"],
    )
    assert re.fullmatch(
        r"You released or lost this customer recently; claim it again from"
        r" \d+ \w+ \d{4}, \d\d:\d\d(:\d\d)? \(UTC\+8\)\.",
        english["message"],
    )
    checked = await told(api, li, CHINESE, CHECK, id=customer_gid(id))
    assert checked["claimable"]["message"] == chinese["message"]


async def test_an_answer_given_before_is_given_again_in_the_readers_language(
    api: Client, office: Office
) -> None:
    pool = await office.pool(capacity=0)
    li, id = await office.person(), await office.customer(pool)
    given = {"customer": customer_gid(id), "key": "one"}
    english = await told(api, li, ENGLISH, CLAIM, **given)
    chinese = await told(api, li, CHINESE, CLAIM, **given)
    assert english["message"] == "The private pool is full: 0 held, 0 allowed."
    assert chinese["message"] == "私海已满：已保有 0 个，上限 0 个。"


async def test_problems_are_told_in_the_readers_language(api: Client, office: Office) -> None:
    pool = await office.pool()
    li, id = await office.person(), await office.customer(pool)
    await claims.claim(li, [id])
    given = {"customer": customer_gid(id), "note": " ", "key": "two"}
    for language, words in (
        (ENGLISH, "say what happened, in 1 to {} characters"),
        (CHINESE, "请说明跟进情况，1 到 {} 个字符"),
    ):
        answer = await told(api, li, language, FOLLOW_UP, **given)
        (problem,) = answer["problems"]
        assert problem["path"] == "note"
        assert re.fullmatch(words.format(r"\d+"), problem["message"])


async def test_errors_speak_the_readers_language_too(api: Client, office: Office) -> None:
    li = await office.person()
    nobody = await said(api, None, CHINESE, "{ viewer { id } }")
    assert nobody["errors"][0]["message"].startswith("请出示在职成员的有效令牌")
    wrong = await said(api, li, CHINESE, "{ members(first: 0) { nodes { id } } }")
    (error,) = wrong["errors"]
    assert error["message"] == "first：必须在 1 到 100 之间"
    assert error["extensions"]["problems"] == [{"path": "first", "message": "必须在 1 到 100 之间"}]


async def test_a_forecast_names_every_rule_its_date_and_what_can_be_done(
    api: Client, office: Office
) -> None:
    pool = await office.pool(
        follow_up_within="P3D", deal_within="P10D", max_hold="P20D", extension_limit="P5D"
    )
    li, id = await office.person(), await office.customer(pool)
    await claims.claim(li, [id])
    at = customer_gid(id)
    english = (await told(api, li, ENGLISH, FORECAST, id=at))["holding"]["release"]
    chinese = (await told(api, li, CHINESE, FORECAST, id=at))["holding"]["release"]
    assert [(each["reason"], each["remedy"]) for each in english["conditions"]] == [
        (
            "NOT_FOLLOWED_UP",
            "Log a follow-up before then. You may also ask for an extension.",
        ),
        ("NO_DEAL", "Record a signed deal before then. You may also ask for an extension."),
        (
            "MAX_HOLD",
            "Record a signed deal before then: signed customers stay."
            " Follow-ups do not move this date.",
        ),
    ]
    assert [each["remedy"] for each in chinese["conditions"]] == [
        "请在此之前记录一次跟进。也可以申请延期。",
        "请在此之前登记签单。也可以申请延期。",
        "请在此之前登记签单，已签单的客户不再开放；跟进不会改变这个日期。",
    ]
    dates = [each["at"] for each in english["conditions"]]
    assert dates == sorted(dates) == [each["at"] for each in chinese["conditions"]]
    assert english["reason"] == "NOT_FOLLOWED_UP"


async def test_where_signed_customers_are_not_exempt_only_a_lock_holds_up_the_longest_hold(
    api: Client, office: Office
) -> None:
    pool = await office.pool(max_hold="P20D", deal_exempts=False, lock_limit=1)
    li, id = await office.person(), await office.customer(pool)
    await claims.claim(li, [id])
    release = (await told(api, li, ENGLISH, FORECAST, id=customer_gid(id)))["holding"]["release"]
    assert [each["remedy"] for each in release["conditions"]] == [
        "Neither follow-ups nor deals move this date."
        " While you lock the customer, it is not released."
    ]


async def test_alerts_say_themselves_in_either_language(api: Client, office: Office) -> None:
    pool, admin = await office.pool(), await office.admin()
    li, id = await office.person(), await office.customer(pool)
    await claims.assign(admin, id, li.id)
    name = (await row(id)).name
    for language, words in (
        (ENGLISH, f"{name} was assigned to you."),
        (CHINESE, f"{name} 已分配给您。"),
    ):
        viewer = await told(api, li, language, ALERTS)
        assert viewer["alerts"]["nodes"] == [{"kind": "ASSIGNED", "message": words}]


@pytest.mark.parametrize(
    ("handshake", "payload", "words"),
    [
        ("zh-CN", {}, "{} 已分配给您。"),
        ("zh-CN", {"Accept-Language": "en"}, "{} was assigned to you."),
        ("en", {"Accept-Language": "zh"}, "{} 已分配给您。"),
    ],
)
async def test_a_subscription_speaks_the_language_of_its_connection(
    api: Client, office: Office, handshake: str, payload: dict[str, str], words: str
) -> None:
    pool, admin = await office.pool(), await office.admin()
    li, id = await office.person(), await office.customer(pool)
    shown = payload | {"Authorization": f"Bearer {api.token(li.member)}"}
    async with connect(
        api.ws_url,
        subprotocols=["graphql-transport-ws"],  # type: ignore[list-item]
        additional_headers={"Accept-Language": handshake},
    ) as socket:
        await socket.send(json.dumps({"type": "connection_init", "payload": shown}))
        assert json.loads(await socket.recv())["type"] == "connection_ack"
        await socket.send(json.dumps({"id": "1", "type": "subscribe", "payload": {"query": NEXT}}))
        # The answer to a later operation: by then the first one follows the ledger.
        for n in ("2", "3"):
            asked = {"id": n, "type": "subscribe", "payload": {"query": "{ viewer { id } }"}}
            await socket.send(json.dumps(asked))
            while json.loads(await socket.recv())["type"] != "complete":
                pass
        await claims.assign(admin, id, li.id)
        answer = json.loads(await socket.recv())
        while answer["type"] != "next":
            answer = json.loads(await socket.recv())
    message = answer["payload"]["data"]["releaseAlerts"]["message"]
    assert message == words.format((await row(id)).name)


async def test_another_organizations_clock_is_its_own(api: Client, database: None) -> None:
    office = await found("Elsewhere", "America/New_York")
    pool = await office.pool(daily_claim_limit=1)
    li = await office.person()
    first, second = await office.customers(pool, 2)
    await claims.claim(li, [first])
    answer = await told(api, li, ENGLISH, CLAIM, customer=customer_gid(second))
    assert re.search(r"the next from \d+ \w+ \d{4}, 00:00 \(UTC-[45]\)\.$", answer["message"])
