"""What a robot's answer means: robots say that they failed in a JSON with the status 200."""

import json
from datetime import timedelta
from typing import Any

from models.channels.kinds import ChannelKind
from models.channels.settling import NO_WAIT, Answer
from models.texts.text import Text
from models.texts.visible import NO_TEXT

# Too many messages: WeCom's and DingTalk's count a minute, and DingTalk's is silent for ten then.
TOO_MANY = {
    45009: timedelta(minutes=1),
    45033: timedelta(minutes=1),
    130101: timedelta(minutes=10),
    11232: timedelta(minutes=1),
}
TOO_MANY_STATUS, UNAVAILABLE_STATUS = 429, 503
USUAL_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=1)
LONGEST_REASON = 200
LARGEST_CODE = 10**12
# Where each kind says how it went; Feishu's older robots say it by another name.
CODES = {
    ChannelKind.WECOM: (("errcode", "errmsg"),),
    ChannelKind.DINGTALK: (("errcode", "errmsg"),),
    ChannelKind.FEISHU: (("code", "msg"), ("StatusCode", "StatusMessage")),
}


def answer_of(kind: ChannelKind, status: int, body: bytes, retry_after: str | None) -> Answer:
    """The result of a post. `retry_after` is the header, in seconds."""
    if status == TOO_MANY_STATUS:
        return Answer(status, Text("it takes no more messages for now"), _wait(retry_after))
    if 300 <= status < 400:
        elsewhere = Text("it answered {status}: redirects are not followed", status=status)
        return Answer(status, elsewhere)
    if not 200 <= status < 300:
        wait = _wait(retry_after) if retry_after and status == UNAVAILABLE_STATUS else NO_WAIT
        return Answer(status, Text("it answered {status}", status=status), wait)
    return _answer_of_robot(kind, status, body) if kind in CODES else Answer(status, None)


def _answer_of_robot(kind: ChannelKind, status: int, body: bytes) -> Answer:
    told = _object(body)
    for code_name, reason_name in CODES[kind]:
        code = told.get(code_name)
        if isinstance(code, bool) or not isinstance(code, int) or abs(code) > LARGEST_CODE:
            continue
        if code == 0:
            return Answer(status, None)
        reason = NO_TEXT.sub("?", str(told.get(reason_name, ""))[:LONGEST_REASON])
        problem = Text("the robot answered {code}: {reason}", code=code, reason=reason)
        return Answer(status, problem, TOO_MANY.get(code, NO_WAIT))
    return Answer(status, Text("it did not answer as a robot of this kind does"))


def _object(body: bytes) -> dict[str, Any]:
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}


def _wait(retry_after: str | None) -> timedelta:
    if retry_after and retry_after.isascii() and retry_after.isdigit():
        return min(LONGEST_WAIT, max(USUAL_WAIT, timedelta(seconds=int(retry_after[:6]))))
    return USUAL_WAIT
