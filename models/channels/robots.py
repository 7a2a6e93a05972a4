"""What each group robot takes: the address with its signature, and one small JSON."""

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

from models.channels.digests import Digest, Line
from models.channels.kinds import ChannelKind
from models.texts.text import Language

# Bytes of a message. WeCom's robots take 4,096, all others more than twenty alerts have.
LONGEST = {ChannelKind.WECOM: 4_000}
# Their markup has no escapes: these signs stand for those that would be links, mentions and styles.
HARMLESS = str.maketrans("<>[]()*`#_~|\\", "＜＞［］（）＊｀＃＿～｜＼")
SLACK_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
FEISHU_LANGUAGE = {Language.CHINESE: "zh_cn", Language.ENGLISH: "en_us"}


@dataclass(frozen=True, slots=True)
class Request:
    url: str
    body: bytes


def request_of(
    kind: ChannelKind, url: str, secret: str | None, digest: Digest, now: datetime
) -> Request:
    """The message as this kind of robot takes it: short enough, and signed if there is a secret."""
    count = len(digest.lines)
    made = _request(kind, url, secret, digest, now)
    while kind in LONGEST and len(made.body) > LONGEST[kind] and count > 1:
        count -= 1
        made = _request(kind, url, secret, digest.cut(count), now)
    return made


def dingtalk_signature(secret: str, milliseconds: str) -> str:
    return _signature(secret, f"{milliseconds}\n{secret}")


def feishu_signature(secret: str, seconds: str) -> str:
    """Its key is what others sign, and it signs nothing."""
    return _signature(f"{seconds}\n{secret}", "")


def _request(
    kind: ChannelKind, url: str, secret: str | None, digest: Digest, now: datetime
) -> Request:
    match kind:
        case ChannelKind.WECOM:
            message: dict[str, Any] = {"msgtype": "markdown"}
            message["markdown"] = {"content": _markdown(digest)}
        case ChannelKind.DINGTALK:
            url = _signed_for_dingtalk(url, secret, now) if secret else url
            message = {"msgtype": "markdown"}
            message["markdown"] = {"title": digest.title, "text": _markdown(digest)}
        case ChannelKind.FEISHU:
            post = {"title": digest.title, "content": list(map(_paragraph, _all_lines(digest)))}
            message = {"msg_type": "post"}
            message["content"] = {"post": {FEISHU_LANGUAGE[digest.reader.language]: post}}
            if secret:
                seconds = str(int(now.timestamp()))
                message |= {"timestamp": seconds, "sign": feishu_signature(secret, seconds)}
        case _:
            message = {"text": _slack_text(digest), "unfurl_links": False}
    return Request(url, json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode())


def _all_lines(digest: Digest) -> list[Line]:
    return [*digest.lines, *([Line(digest.ending)] if digest.ending else [])]


def _markdown(digest: Digest) -> str:
    lines = [
        f"[{each.text.translate(HARMLESS)}]({each.link})"
        if each.link
        else each.text.translate(HARMLESS)
        for each in _all_lines(digest)
    ]
    return "\n\n".join([f"**{digest.title.translate(HARMLESS)}**", *lines])


def _paragraph(line: Line) -> list[dict[str, str]]:
    if line.link:
        return [{"tag": "a", "text": line.text, "href": line.link}]
    return [{"tag": "text", "text": line.text}]


def _slack_text(digest: Digest) -> str:
    lines = [
        f"<{each.link}|{_slack(each.text)}>" if each.link else _slack(each.text)
        for each in _all_lines(digest)
    ]
    return "\n".join([_slack(digest.title), *lines])


def _slack(text: str) -> str:
    """A bar would end the address of a link."""
    return "".join(SLACK_ESCAPES.get(each, each) for each in text.replace("|", "｜"))


def _signed_for_dingtalk(url: str, secret: str, now: datetime) -> str:
    milliseconds = str(int(now.timestamp() * 1000))
    signed = {"timestamp": milliseconds, "sign": dingtalk_signature(secret, milliseconds)}
    parts = urlsplit(url)
    query = "&".join(filter(None, (parts.query, urlencode(signed))))
    return urlunsplit(parts._replace(query=query))


def _signature(key: str, text: str) -> str:
    return base64.b64encode(hmac.digest(key.encode(), text.encode(), hashlib.sha256)).decode()
