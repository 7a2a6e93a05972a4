"""Any bytes are a sheet whose rows are good or bad, or are refused with a problem at a path."""

import csv
import io
from datetime import UTC, datetime
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from models.customers.csv_parsing import Reading
from models.duplicates.keys import KINDS
from models.imports import planning
from models.imports.bad_rows import sheet_of_bad
from models.imports.opening import Opened, guessed, mapped, opened
from models.imports.progress import Progress
from models.imports.stored import KINDS as SHEET_KINDS
from models.imports.stored import Sheet
from models.refusals import InvalidInput
from models.sheets.encodings import decoded
from models.texts.text import Reader

HEADER = "客户名称,手机号,备注\n"
cells = st.text('甲1@.+=-"\ufffd \r\n,;\t')
bodies = st.binary() | st.builds(
    lambda text: (HEADER + text).encode(), cells | st.text(max_size=50)
)


@settings(deadline=None, max_examples=200)
@given(bodies, st.sampled_from(SHEET_KINDS))
def test_any_bytes_are_read_or_refused(body: bytes, kind: str) -> None:
    try:
        text, encoding = decoded(body)
        sheet = opened(Sheet(UUID(int=1), datetime.now(UTC), kind, encoding, [], None, text))
        columns, wrong = mapped(sheet, None)
        if wrong:
            return
        reading = planning.read(sheet, columns, tuple(KINDS.values()), Progress())
    except InvalidInput as refused:
        places = {each.path.partition(".")[0] for each in refused.problems}
    else:
        places = set()
        _check_bad_rows(sheet, columns, reading)
    assert places <= {"csv", "file"}


def _check_bad_rows(sheet: Opened, columns: list[str], reading: Reading) -> None:
    bad = {planning.line_of(each) for each in reading.problems}
    assert len(reading.rows) + len(bad) == len(sheet.rows)
    written = sheet_of_bad(sheet, columns, reading.problems, Reader())
    header, *written_rows = csv.reader(io.StringIO(written, newline=""))
    assert header[-1] == "Problems"
    assert len(written_rows) == len(bad)
    assert all(row[-1] for row in written_rows)


def test_of_several_columns_of_one_field_the_first_has_it() -> None:
    assert guessed(["手机", "名称", "电话", "其他"]) == ["phone", "name", None, None]
