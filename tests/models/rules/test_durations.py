from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.rules.durations import RIGHT, TOO_LONG, Span


@pytest.mark.parametrize(
    ("text", "days", "elapsed"),
    [
        ("P7D", 7, timedelta(0)),
        ("P2W", 14, timedelta(0)),
        ("P1W2D", 9, timedelta(0)),
        ("PT36H", 0, timedelta(hours=36)),
        ("PT2S", 0, timedelta(seconds=2)),
        ("PT0.5S", 0, timedelta(milliseconds=500)),
        ("PT0.000001S", 0, timedelta(microseconds=1)),
        ("P1DT2H3M4.25S", 1, timedelta(hours=2, minutes=3, seconds=4, milliseconds=250)),
        ("P0D", 0, timedelta(0)),
        ("P36500D", 36500, timedelta(0)),
        ("PT876000H", 0, timedelta(days=36500)),
    ],
)
def test_days_and_elapsed_time_are_kept_apart(text: str, days: int, elapsed: timedelta) -> None:
    span = Span.parse(text)
    assert (span.days, span.elapsed, str(span)) == (days, elapsed, text)


@pytest.mark.parametrize(
    ("text", "days", "elapsed"),
    [
        ("-P1D", -1, timedelta(0)),
        ("P-1D", -1, timedelta(0)),
        ("-P1W", -7, timedelta(0)),
        ("PT-0.5S", 0, timedelta(seconds=-0.5)),
        ("P1DT-1H", -1, timedelta(hours=-1)),
        ("-P0D", 0, timedelta(0)),
    ],
)
def test_one_with_a_minus_is_negative(text: str, days: int, elapsed: timedelta) -> None:
    span = Span.parse(text)
    assert (span.days, span.elapsed) == (days, elapsed)


WRONG = """P PT P1DT P1M P1Y P1.5D --P1D P--1D +P1D p1d 7 P7 P1H PT1D P1D2W PT1S1H P1-D -PT
PT1.S PT1.1234567S PT1,5S P１D PT9999999999999S"""


@pytest.mark.parametrize("text", ["", " P1D", "P1D\n", *WRONG.split()])
def test_anything_else_is_told_what_would_be_right(text: str) -> None:
    with pytest.raises(ValueError, match=r"^must be an ISO 8601 duration") as refused:
        Span.parse(text)
    assert str(refused.value) == RIGHT


@pytest.mark.parametrize(
    "text", ["P36501D", "P36500DT0.000001S", "PT999999999999H", "P999999999999W", "PT3153600001S"]
)
def test_a_hundred_years_are_the_limit(text: str) -> None:
    with pytest.raises(ValueError, match="P36500D") as refused:
        Span.parse(text)
    assert str(refused.value) == TOO_LONG


def test_what_was_put_is_what_is_read() -> None:
    assert [str(Span.parse(text)) for text in ("PT36H", "P1W", "PT0060M")] == [
        "PT36H",
        "P1W",
        "PT0060M",
    ]


def test_spans_are_equal_by_what_they_mean() -> None:
    assert Span.parse("P1W") == Span.parse("P7D")
    assert Span.parse("PT60M") == Span.parse("PT1H")
    assert Span.parse("P1D") != Span.parse("PT24H")
    assert len({Span.parse("P1W"), Span.parse("P7D")}) == 1


@pytest.mark.parametrize(
    ("length", "text"),
    [
        (timedelta(days=3), "P3D"),
        (timedelta(hours=24), "P1D"),
        (timedelta(hours=36), "PT36H"),
        (timedelta(days=1, seconds=1), "PT24H1S"),
        (timedelta(minutes=90), "PT1H30M"),
        (timedelta(milliseconds=1500), "PT1.5S"),
        (timedelta(microseconds=1), "PT0.000001S"),
        (timedelta(0), "PT0S"),
    ],
)
def test_a_measured_length_is_whole_days_or_all_elapsed(length: timedelta, text: str) -> None:
    assert str(Span.of(length)) == text


@settings(deadline=None)
@given(st.timedeltas(timedelta(0), timedelta(days=36500)))
def test_a_measured_length_is_read_back_the_same(length: timedelta) -> None:
    span = Span.of(length)
    assert Span.parse(str(span)) == span
    assert span.length == length


@pytest.mark.parametrize("length", [timedelta(-1), timedelta(microseconds=-1), timedelta(36501)])
def test_a_length_out_of_bounds_is_refused(length: timedelta) -> None:
    with pytest.raises(ValueError, match=r"^must "):
        Span.of(length)
