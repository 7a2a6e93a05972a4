"""What a robot's answer means: robots say that they failed in a JSON with the status 200."""

import json
from datetime import timedelta
from typing import Any

from models.channels.kinds import ChannelKind
from models.texts.text import Text
from models.texts.visible import NO_TEXT
from models.webhooks.answers import NO_WAIT, TOO_MANY, Answer, answer_of_status, wait_of

# Too many messages: WeCom's and DingTalk's count a minute, and DingTalk's is silent for ten then.
TOO_MANY_CODES = {
    45009: timedelta(minutes=1),
    45033: timedelta(minutes=1),
    130101: timedelta(minutes=10),
    11232: timedelta(minutes=1),
}
USUAL_WAIT = timedelta(minutes=1)
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
    if status == TOO_MANY:
        wait = max(USUAL_WAIT, wait_of(retry_after))
        return Answer(status, Text("it takes no more messages for now"), wait)
    answer = answer_of_status(status, retry_after)
    return answer if answer.problem or kind not in CODES else _answer_of_robot(kind, status, body)


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
        return Answer(status, problem, TOO_MANY_CODES.get(code, NO_WAIT))
    return Answer(status, Text("it did not answer as a robot of this kind does"))


def _object(body: bytes) -> dict[str, Any]:
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}
