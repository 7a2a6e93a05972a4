"""Names that are merely alike: found by the pairs of characters that they share, then compared."""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from rapidfuzz import fuzz

from models import database
from models.duplicates import normalise_name

MOST_ALIKE = 10
# From 0 to 100, as rapidfuzz measures.
ALIKE = 75.0
LONGEST_PROBE = 6
MOST_PROBES = 40
# So many of all names may have a probe in common; a longer one is tried where more do.
TELLING = 400
MOST_FOUND = 500

TRADE = re.compile(
    r"(?:科技|技术|网络|信息|软件|计算机|电子|电器|智能|数据|自动化|机械|设备|材料|生物|医药|医疗|环保|能源"
    r"|建筑|建设|工程|装饰|物流|贸易|商贸|实业|工业|制造|食品|服饰|服装|文化|传媒|广告|教育|咨询|管理"
    r"|服务|投资|发展|国际|控股|集团|企业|股份|分公司|中心|工厂|厂|店)+$"
)
PLACE = re.compile(
    r"^(?:(?:中国|北京|天津|上海|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南"
    r"|广东|海南|四川|贵州|云南|陕西|甘肃|青海|内蒙古|广西|西藏|宁夏|新疆|香港|澳门|台湾|深圳|广州|杭州|南京"
    r"|苏州|无锡|常州|宁波|温州|成都|武汉|西安|长沙|郑州|青岛|济南|大连|沈阳|厦门|福州|合肥|昆明|东莞|佛山"
    r"|珠海|中山|惠州|嘉兴|绍兴|金华|台州|南通|徐州|扬州|烟台|潍坊|石家庄|太原|哈尔滨|长春|南昌|贵阳|南宁"
    r"|海口|兰州|乌鲁木齐|呼和浩特)(?:省|市)?)+"
)

# How often pairs occur, as the last ANALYZE saw it: those left out are rarer than all the others.
FREQUENT = """
SELECT greatest(c.reltuples, 0)::float8 AS customers, f.gram, f.share
FROM pg_class c
LEFT JOIN pg_stats s ON s.schemaname = current_schema AND s.tablename = c.relname
  AND s.attname = 'name_grams'
LEFT JOIN LATERAL (
  SELECT gram, share FROM unnest(s.most_common_elems::text::text[], s.most_common_elem_freqs)
    AS each(gram, share) WHERE gram = ANY($1)) AS f ON true
WHERE c.oid = 'customer'::regclass
"""
SHARING = """
SELECT DISTINCT ON (c.id) c.id, c.owner_id, c.pool_id, c.name_key
FROM unnest($2::text[]) AS probe(signs), LATERAL (
  SELECT id, owner_id, pool_id, name_key FROM customer
  WHERE organization_id = $1 AND name_grams @> ARRAY(
    SELECT substr(probe.signs, n, 2) FROM generate_series(1, length(probe.signs) - 1) AS n)
  LIMIT $3
) AS c
"""


async def alike(organization_id: UUID, name: str, besides: Sequence[UUID]) -> list[dict[str, Any]]:
    """Rows of the customers whose names are most alike, the most alike first."""
    wanted = normalise_name(name)
    probes = list(_probes(wanted, *await _shares(wanted)))
    rows = await database.planned_anew(SHARING, organization_id, probes, MOST_FOUND)
    scores = ((likeness(wanted, row["name_key"]), row) for row in rows if row["id"] not in besides)
    found = [(score, row) for score, row in scores if score >= ALIKE]
    found.sort(key=lambda each: (-each[0], each[1]["name_key"]))
    return [row for _, row in found[:MOST_ALIKE]]


def likeness(one: str, other: str) -> float:
    """Of two normalised names. What they are called in their place and trade counts most."""
    first, second = _core(one), _core(other)
    whole = fuzz.ratio(one, other)
    if min(len(first), len(second)) < 2:
        return whole
    inside = first in second or second in first
    return max(whole, 90.0 if inside else 0.0, 0.95 * fuzz.ratio(first, second))


def _core(name: str) -> str:
    """Without the place in front and the trade behind, unless too little is left."""
    for pattern in (TRADE, PLACE):
        shorter = pattern.sub("", name)
        name = shorter if len(shorter) > 1 else name
    return name


async def _shares(name: str) -> tuple[Mapping[str, float], float]:
    """What part of all customers has each frequent pair of the name, and how many they are."""
    rows = await database.rows(FREQUENT, _pairs(name))
    return {row["gram"]: row["share"] for row in rows if row["gram"]}, rows[0]["customers"]


def _probes(name: str, shares: Mapping[str, float], customers: float) -> Iterator[str]:
    """From each character on, the shortest piece of the name that few others have."""
    for start in range(min(len(name) - 1, MOST_PROBES)):
        for end in range(start + 2, min(len(name), start + LONGEST_PROBE) + 1):
            piece = name[start:end]
            if customers * _share(piece, shares) <= TELLING:
                yield piece
                break


def _share(piece: str, shares: Mapping[str, float]) -> float:
    """Of those who have it, at a guess: neighbours come together more often than by chance."""
    rarest, *others = sorted(shares.get(pair, 0.0) for pair in _pairs(piece))
    return rarest * math.sqrt(math.prod(others))


def _pairs(name: str) -> list[str]:
    return [name[at : at + 2] for at in range(len(name) - 1)]
