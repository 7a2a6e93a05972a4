"""Checks of text that people type."""

import re

from models.refusals import InvalidInput, Problem
from models.texts.text import Text
from models.texts.visible import visible

NAME_LENGTH = 100
EMAIL = re.compile(r"[^@\s\0]{1,64}@[^@\s\0]{1,190}")


def text_problem(path: str, value: str, *, most: int, least: int = 1) -> Problem | None:
    """Return what is wrong with the length of a text, in characters without outer spaces.

    A text of invisible characters only is empty.
    """
    if not visible(value).strip():
        value = ""
    if least <= len(value.strip()) <= most and "\0" not in value:
        return None
    return Problem(path, Text("must have {least} to {most} characters", least=least, most=most))


def checked_text(path: str, value: str, *, most: int, least: int = 1) -> str:
    """Return the text without outer spaces; raises InvalidInput that names `path`."""
    problem = text_problem(path, value, most=most, least=least)
    if problem:
        raise InvalidInput((problem,))
    return value.strip()
