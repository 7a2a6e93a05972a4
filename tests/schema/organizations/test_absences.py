"""setAbsence and cancelAbsence through HTTP, sent again with their key."""

from datetime import UTC, datetime, timedelta

from models.tables import Event
from tests.support.asking import ask, gid
from tests.support.running import Client
from tests.support.samples import Office

SET = """mutation ($member: ID!, $from: Date!, $to: Date!, $key: String) {
  setAbsence(memberId: $member, from: $from, to: $to, idempotencyKey: $key) { __typename
    ... on MemberSaved { member { id absences { from to } } }
    ... on InvalidInput { problems { path message } } } }"""
CANCEL = """mutation ($member: ID!, $from: Date!, $key: String) {
  cancelAbsence(memberId: $member, from: $from, idempotencyKey: $key) { __typename
    ... on MemberSaved { member { id absences { from to } } }
    ... on InvalidInput { problems { path message } } } }"""
FIRST = datetime.now(UTC).date() + timedelta(days=40)
DAYS = {"from": str(FIRST), "to": str(FIRST + timedelta(days=4))}


async def test_a_repeated_key_sets_and_cancels_an_absence_once(api: Client, office: Office) -> None:
    li = await office.person()
    whose = {"member": gid("Member", li.id)}
    first = await ask(api, li, SET, **whose, **DAYS, key="k1")
    assert first["member"] == {"id": whose["member"], "absences": [DAYS]}
    gone = await ask(api, li, CANCEL, **whose, **{"from": DAYS["from"]}, key="k2")
    assert gone["member"]["absences"] == []
    assert await ask(api, li, CANCEL, **whose, **{"from": DAYS["from"]}, key="k2") == gone
    assert await ask(api, li, SET, **whose, **DAYS, key="k1") == gone
    without = await ask(api, li, CANCEL, **whose, **{"from": DAYS["from"]})
    assert without["__typename"] == "InvalidInput"
    for action in ("ABSENCE_SET", "ABSENCE_CANCELLED"):
        assert await Event.filter(action=action).count() == 1
    other = await ask(api, li, SET, **whose, **DAYS | {"to": DAYS["from"]}, key="k1")
    assert [each["path"] for each in other["problems"]] == ["idempotencyKey"]
