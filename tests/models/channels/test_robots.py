"""What robots are sent: pure."""

import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from models.channels.digests import Digest, Line
from models.channels.kinds import ChannelKind
from models.channels.robots import (
    Request,
    dingtalk_signature,
    feishu_signature,
    request_of,
)
from models.texts.text import Language, Reader
from tests.support.robots import text_of

NOW = datetime(2026, 11, 28, 8, tzinfo=UTC)
CHINESE = Reader(Language.CHINESE, "Asia/Shanghai")
LINK = "https://crm.example/customers/Customer_1"
ROBOTS = [kind for kind in ChannelKind if kind != ChannelKind.EMAIL]
URL = "https://robots.example/send?key=k"
# What people could call a customer to fool a group.
EVIL = "<@all> [点我](https://evil.example) <font>*x*</font> & `y` | <https://evil.example|z>"


def digest(*texts: str, more: int = 0, link: str | None = LINK) -> Digest:
    return Digest("Seapool：新提醒（3）", tuple(Line(text, link) for text in texts), more, CHINESE)


def sent(kind: ChannelKind, told: Digest, secret: str | None = None) -> Request:
    return request_of(kind, URL, secret, told, NOW)


def message(kind: ChannelKind, told: Digest, secret: str | None = None) -> Any:
    return json.loads(sent(kind, told, secret).body)


@pytest.mark.parametrize("kind", ROBOTS)
def test_a_message_has_its_title_lines_and_what_is_more(kind: ChannelKind) -> None:
    lines = list(
        filter(None, text_of(message(kind, digest("甲公司", "乙公司", more=7))).splitlines())
    )
    for part, line in zip(("新提醒", "甲公司", "乙公司", "7"), lines, strict=True):
        assert part in line
    assert lines[-1] == "还有 7 条"


@pytest.mark.parametrize("kind", ROBOTS)
def test_a_line_leads_to_its_customer(kind: ChannelKind) -> None:
    assert LINK in sent(kind, digest("甲公司")).body.decode()
    assert "http" not in sent(kind, digest("甲公司", link=None)).body.decode()


@pytest.mark.parametrize("kind", ROBOTS)
@pytest.mark.parametrize("link", [LINK, None])
def test_a_name_is_neither_a_link_nor_a_mention(kind: ChannelKind, link: str | None) -> None:
    made = message(kind, digest(EVIL, link=link))
    if kind is ChannelKind.FEISHU:
        ((part,),) = made["content"]["post"]["zh_cn"]["content"]
        assert part == {"tag": "text", "text": EVIL} | ({"tag": "a", "href": link} if link else {})
        return
    text = text_of(made)
    ours = f"<{link}|" if kind is ChannelKind.SLACK else f"]({link})"
    text = text.replace(ours, "").replace("**", "")
    assert "<" not in text
    if kind is not ChannelKind.SLACK:
        assert "](" not in text
        assert "`" not in text


def test_wecom_takes_what_fits_into_its_4096_bytes_and_counts_the_rest() -> None:
    made = message(ChannelKind.WECOM, digest(*["很长的名字" * 12] * 20, more=3))
    text = made["markdown"]["content"]
    assert 3000 < len(text.encode()) <= 4096
    shown = text.count("](")
    assert text.endswith(f"还有 {23 - shown} 条")


def test_dingtalk_is_signed_in_the_address() -> None:
    made = sent(ChannelKind.DINGTALK, digest("甲"), "SECabc")
    query = parse_qs(urlsplit(made.url).query)
    assert query["key"] == ["k"]
    assert query["timestamp"] == ["1795852800000"]
    assert query["sign"] == [dingtalk_signature("SECabc", "1795852800000")]


def test_feishu_is_signed_in_the_message() -> None:
    made = message(ChannelKind.FEISHU, digest("甲"), "abc")
    assert made["timestamp"] == "1795852800"
    assert made["sign"] == feishu_signature("abc", "1795852800")


def test_the_signatures_are_those_that_others_make() -> None:
    """By openssl: printf '1795852800000\\nSECabc' | openssl dgst -sha256 -hmac SECabc -binary."""
    assert dingtalk_signature("SECabc", "1795852800000") == DINGTALK
    assert feishu_signature("abc", "1795852800") == FEISHU


DINGTALK = "lYHS4JUdJJ7MVIOppmbZLwavr4KRA9vHtmsNEhfHQ9Q="
FEISHU = "hTdHdGNOUa4yDCI18oh1ZbLVIx4gHH5V83SZ5vQqdic="
