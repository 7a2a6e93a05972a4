"""Values for schemathesis: ids and dates that are good, among many that are not."""

from collections.abc import Mapping, Sequence

from graphql import ValueNode
from hypothesis import strategies as st
from schemathesis import graphql
from schemathesis.graphql import nodes

HOSTILE = (
    "",
    " ",
    "\0",
    "null",
    "-1",
    "NaN",
    "1e999999",
    "9" * 400,
    "a" * 10_001,
    "'; DROP TABLE customer; --",
    "%_\\",
    "{{7*7}}",
    "<script>alert(1)</script>",
    "=HYPERLINK(1)",
    "\u202e\u200b\u0301",
    "\U0001f600\ufffd",
    "Customer_" + "f" * 32,
    "Pool_00000000-0000-0000-0000-000000000000",
    "P99999999999999D",
    "2026-02-30",
    "9999-12-31T23:59:59.999999Z",
    "0001-01-01T00:00:00+14:00",
)
GOOD = {
    "Date": ("2026-12-01", "2026-12-05"),
    "DateTime": ("2026-12-01T00:00:00Z", "2026-10-01T00:00:00+08:00"),
    "Decimal": ("12.50", "0"),
    "Duration": ("P3D", "PT1H", "P1W"),
    "String": ("13812345678", "A", "深圳市腾讯计算机系统有限公司"),
}


def teach(ids: Sequence[str]) -> None:
    """Let schemathesis take these ids, and hostile values for every kind of text."""
    for name, values in scalars(ids).items():
        graphql.scalar(name, values)


def scalars(ids: Sequence[str], cursor: str = "") -> Mapping[str, st.SearchStrategy[ValueNode]]:
    """For each scalar, good values and hostile ones."""
    given = {"ID": ids, **GOOD, "Cursor": (cursor,)}
    found = {name: _mixed(good) for name, good in given.items()}
    return {name: each.map(nodes.String) for name, each in found.items()} | {
        "String": (found["String"] | st.text()).map(nodes.String)
    }


def _mixed(good: Sequence[str]) -> st.SearchStrategy[str]:
    return st.one_of(st.sampled_from(good), st.sampled_from(good), st.sampled_from(HOSTILE))
