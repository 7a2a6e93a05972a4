"""The fields that describe a customer, and their checks."""

import re
from collections.abc import Mapping

from models.duplicates.phones import LOST_DIGITS, phone_problem, repaired
from models.refusals import InvalidInput, Problem
from models.sheets.cells import is_rounded
from models.texts.text import Text
from models.texts.visible import NO_TEXT, visible

LONGEST = {
    "name": 200,
    "level": 20,
    "person": 100,
    "phone": 200,
    "email": 254,
    "registrationNumber": 50,
}
EMAIL = re.compile(r"[^@\s,;<>]+@[^@\s,;<>.]+(?:\.[^@\s,;<>.]+)+")


def problem_of(column: str, value: str | None) -> str | None:
    """Return what is wrong with one field, None if nothing; `column` is its name in the API."""
    if not value:
        return "is required" if column == "name" else None
    if NO_TEXT.search(value):
        return "must not contain NUL or unpaired surrogates"
    if len(value) > LONGEST[column]:
        return Text("must be no longer than {most} characters", most=LONGEST[column])
    if column == "phone":
        return phone_problem(value)
    if is_rounded(value):
        return Text(LOST_DIGITS, number=value)
    if column == "email" and not EMAIL.fullmatch(value):
        return "must be an email address, e.g. name@example.com"
    return None


# By their names in CustomerInput; an absent field stays as it is, None clears it.
Fields = Mapping[str, str | None]
COLUMNS = {
    "name": "name",
    "level": "level",
    "person": "person",
    "phone": "phone",
    "email": "email",
    "registrationNumber": "registration_number",
}


def plain(name: str, value: str | None) -> str | None:
    """Return the value to store: without outer spaces, None if it shows nothing.

    A phone that a spreadsheet wrote as 13800000001.0 is stored as 13800000001.
    """
    if not value or not visible(value).strip():
        return None
    return repaired(value.strip()) if name == "phone" else value.strip()


def check_fields(known: Mapping[str, str | None]) -> None:
    """Raises InvalidInput that names each wrong field."""
    problems = [
        Problem(f"customer.{name}", problem)
        for name, value in known.items()
        if (problem := problem_of(name, value))
    ]
    if problems:
        raise InvalidInput(tuple(problems))
