"""The problems of a sheet have its name: sheet.12.phone, where a text's have csv.12.phone."""

import contextlib
from collections.abc import Iterator, Sequence

from models.refusals import InvalidInput, Problem


def of_sheet(problems: Sequence[Problem]) -> tuple[Problem, ...]:
    return tuple(Problem(_renamed(each.path), each.message) for each in problems)


@contextlib.contextmanager
def named_sheet() -> Iterator[None]:
    try:
        yield
    except InvalidInput as wrong:
        raise InvalidInput(of_sheet(wrong.problems), unlisted=wrong.unlisted) from None


def _renamed(path: str) -> str:
    first, dot, rest = path.partition(".")
    return f"sheet{dot}{rest}" if first == "csv" else path
