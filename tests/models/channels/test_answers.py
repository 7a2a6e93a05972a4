"""What a robot's answer means."""

import json
from datetime import timedelta

import pytest

from models.channels.answers import answer_of
from models.channels.kinds import ChannelKind

WECOM, DINGTALK, FEISHU, SLACK = (
    ChannelKind.WECOM,
    ChannelKind.DINGTALK,
    ChannelKind.FEISHU,
    ChannelKind.SLACK,
)
ODD = "it did not answer as a robot of this kind does"


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (WECOM, {"errcode": 0, "errmsg": "ok"}),
        (DINGTALK, {"errcode": 0, "errmsg": "ok"}),
        (FEISHU, {"code": 0, "msg": "success", "data": {}}),
        (FEISHU, {"StatusCode": 0, "StatusMessage": "success"}),
        (SLACK, "ok"),
    ],
)
def test_this_says_that_the_message_arrived(kind: ChannelKind, body: object) -> None:
    assert answer_of(kind, 200, json.dumps(body).encode(), None).problem is None


@pytest.mark.parametrize(
    ("kind", "body", "problem", "minutes"),
    [
        (WECOM, {"errcode": 93000, "errmsg": "bad url"}, "the robot answered 93000: bad url", 0),
        (WECOM, {"errcode": 45009, "errmsg": "slow"}, "the robot answered 45009: slow", 1),
        (DINGTALK, {"errcode": 130101, "errmsg": "x"}, "the robot answered 130101: x", 10),
        (FEISHU, {"code": 11232, "msg": "x"}, "the robot answered 11232: x", 1),
        (FEISHU, {"code": 19021}, "the robot answered 19021: ", 0),
        (WECOM, {"errcode": True}, ODD, 0),
        (WECOM, {"errcode": "0"}, ODD, 0),
        (WECOM, {"code": 0}, ODD, 0),
        (WECOM, ["errcode"], ODD, 0),
        (DINGTALK, {"errcode": 1, "errmsg": "y" * 999}, f"the robot answered 1: {'y' * 200}", 0),
        (WECOM, {"errcode": 1, "errmsg": "a\0\ud800b"}, "the robot answered 1: a??b", 0),
        (WECOM, {"errcode": 10**999}, ODD, 0),
    ],
)
def test_a_failure_with_the_status_200_is_one(
    kind: ChannelKind, body: object, problem: str, minutes: int
) -> None:
    answer = answer_of(kind, 200, json.dumps(body).encode(), None)
    assert (answer.status, answer.problem) == (200, problem)
    assert answer.wait == timedelta(minutes=minutes)


@pytest.mark.parametrize("body", [b"", b"<html>", b'{"errcode": 0', b"\xff", b"[" * 60000])
def test_what_is_no_json_is_a_failure(body: bytes) -> None:
    assert answer_of(WECOM, 200, body, None).problem == ODD


@pytest.mark.parametrize(
    ("after", "wait"), [(None, 60), ("1", 60), ("600", 600), ("99999999", 3600), ("soon", 60)]
)
def test_429_is_tried_again_as_late_as_it_says(after: str | None, wait: int) -> None:
    answer = answer_of(SLACK, 429, b"", after)
    assert answer.problem == "it takes no more messages for now"
    assert answer.wait == timedelta(seconds=wait)


def test_503_too_waits_as_long_as_it_says() -> None:
    answer = answer_of(SLACK, 503, b"", "600")
    assert (answer.problem, answer.wait) == ("it answered 503", timedelta(minutes=10))
    assert answer_of(SLACK, 503, b"", None).wait == timedelta(0)


@pytest.mark.parametrize("kind", [WECOM, SLACK])
def test_a_redirect_and_every_other_status_is_a_failure(kind: ChannelKind) -> None:
    body = b'{"errcode": 0}'
    moved = "it answered 302: redirects are not followed"
    assert answer_of(kind, 302, body, None).problem == moved
    assert answer_of(kind, 404, body, None).problem == "it answered 404"
