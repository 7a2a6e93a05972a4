"""The rows that were not imported, as a sheet with a column of their problems."""

import csv
import io
from collections import defaultdict
from collections.abc import Sequence

from models.customers.csv_columns import IGNORED
from models.imports.opening import Opened
from models.imports.planning import line_of
from models.refusals import Problem
from models.sheets.formulas import defused
from models.texts.text import Language, Reader, Text, render

PROBLEMS = Text("Problems")
HEADERS = {render(PROBLEMS, Reader(language)) for language in Language}


def sheet_of_bad(
    sheet: Opened, columns: Sequence[str], problems: Sequence[Problem], reader: Reader
) -> str:
    """Return the rows with problems as CSV; the column that an earlier import added is replaced."""
    width = len(sheet.header)
    if sheet.header[-1] in HEADERS:
        width -= 1
    words = defaultdict[int, list[str]](list)
    headers = {field: sheet.header[n] for n, field in enumerate(columns) if field != IGNORED}
    for each in problems:
        words[line_of(each)].append(_words(each, headers, reader))
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([*map(defused, sheet.header[:width]), render(PROBLEMS, reader)])
    for line, cells in sheet.rows:
        if line in words:
            kept = [*cells, *[""] * width][:width]
            writer.writerow([*map(defused, kept), defused("; ".join(words[line]))])
    return text.getvalue()


def _words(problem: Problem, headers: dict[str, str], reader: Reader) -> str:
    column = problem.path.split(".")[2:]
    named = headers.get(column[0], column[0]) if column else ""
    return f"{named} {render(problem.message, reader)}".strip()
