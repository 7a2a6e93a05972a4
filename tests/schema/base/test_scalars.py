"""Every instant is written in UTC, with six digits of its second."""

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from schema.base.scalars import read_instant, write_instant

OFFSETS = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
FIRST = datetime(1000, 1, 2, tzinfo=UTC).replace(tzinfo=None)
LAST = datetime(9999, 12, 30, tzinfo=UTC).replace(tzinfo=None)
INSTANTS = st.datetimes(FIRST, LAST, timezones=OFFSETS)


@given(INSTANTS, st.booleans())
def test_an_instant_is_written_in_utc_with_microseconds(moment: datetime, whole: bool) -> None:
    exact = moment.replace(microsecond=0) if whole else moment
    written = write_instant(exact)
    assert written == exact.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    assert read_instant(written) == exact
