"""Whether seven digits or more in a text may be a phone number, or are a date, amount or id."""

import re
from datetime import date

MOST_DIGITS = 15
MOST_IN_A_ROW = 12
GROUPS = re.compile(r"[0-9]+")
WORD_BEFORE = re.compile(r"[A-Za-z]+$")
OF_PHONES = {
    *("tel", "telephone", "phone", "mobile", "mob", "cell", "fax", "call", "hotline", "ph"),
    *("qq", "wx", "vx", "v", "wechat", "whatsapp", "ext", "t", "m", "p", "f"),
}
ASKED_FOR = re.compile(
    r"(?:电话|手机|座机|热线|传真|致电|联系|微信|tel|phone)\W{0,3}$", re.IGNORECASE
)
AMOUNT_BEFORE = re.compile(
    r"(?:[¥￥$€£]|RMB|CNY|USD|EUR|金额|合同额|报价|预算|价格|总价|单价|合计|共计|总计|货款|尾款|定金"
    r"|订金|押金|资本|产值|营收|销售额|利润|面积)\W{0,2}$",
    re.IGNORECASE,
)
AMOUNT_AFTER = re.compile(
    r"\s?(?:元|块|万|亿|千|百|角|分钱|美元|美金|欧元|港币|日元|%|‰|人|个|件|台|套|吨|公斤|千克|克|kg|"
    r"公里|千米|米|mm|cm|km|平|㎡|m2|亩|天|日|周|月|年|小时|分钟|秒|次|家|店|份|单|箱|辆|页|条|只|双|"
    r"吨|立方|升|度|kw|mw|yuan|rmb|usd)",
    re.IGNORECASE,
)
ID_BEFORE = re.compile(
    r"(?:编号|单号|订单|合同|发票|流水|工号|税号|账号|帐号|账户|卡号|证号|批号|型号|条码|运单|快递"
    r"|代码|\bid|\bno\.?|\bsn|#)\W{0,3}$",
    re.IGNORECASE,
)


def phones_in(run: str, before: str, after: str) -> list[tuple[int, int]]:
    """Return where phone numbers stand in a run of digits, between the texts around it."""
    groups = GROUPS.findall(run)
    if _is_one_number(run, groups):
        return [(0, len(run))] if _is_phone(run, groups, before, after) else []
    pieces = list(re.finditer(r"\S+", run))
    if len(pieces) == 1:
        return []
    return [
        (piece.start(), piece.end())
        for piece in pieces
        if len("".join(found := GROUPS.findall(piece[0]))) >= 7
        and _is_phone(piece[0], found, before + run[: piece.start()], run[piece.end() :] + after)
    ]


def _is_one_number(run: str, groups: list[str]) -> bool:
    """A number of the list before it is no part of it: 1. 88888888."""
    alone = [group for group in groups if len(group) == 1]
    uneven = alone and len(alone) < len(groups) and not run.startswith(("+", "1-", "1 ("))
    return len("".join(groups)) <= MOST_DIGITS and not uneven


def _is_phone(run: str, groups: list[str], before: str, after: str) -> bool:
    if run.startswith("+") or ASKED_FOR.search(before):
        return True
    if len(groups) == 1 and not _fits(groups[0], before, after):
        return False
    if AMOUNT_BEFORE.search(before) or AMOUNT_AFTER.match(after):
        return groups[0].startswith("0")
    return not ID_BEFORE.search(before) and not _is_decimal(run, groups)


def _fits(digits: str, before: str, after: str) -> bool:
    """Of digits in a row: neither too many, nor a part of an id with letters, nor a date."""
    word = WORD_BEFORE.search(before)
    if (word and word[0].lower() not in OF_PHONES) or re.match(r"[A-Za-z]", after):
        return False
    dialled = digits.startswith(("86", "0086"))
    return len(digits) <= MOST_IN_A_ROW + 3 * dialled and not _is_date(digits)


def _is_date(digits: str) -> bool:
    if len(digits) not in (8, 10, 12) or digits[:2] not in ("19", "20"):
        return False
    try:
        date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return False
    return True


def _is_decimal(run: str, groups: list[str]) -> bool:
    whole, *rest = groups
    return run == f"{whole}.{''.join(rest)}" and len(rest) == 1 and len(rest[0]) not in (4, 7, 8)
