"""docs/promises.md has each promise once, with tests; tests/promises/test_paths.py tries its table.

tests/docs/test_links.py looks for each named test in its file.
"""

import re

from tests.docs.pages import Page

PROMISE = re.compile(r"^- \*\*G(\d+)\*\* (.+?) Tests: (.+)\.$", re.MULTILINE)
PROMISES = PROMISE.findall(Page("docs/promises.md").text)


def test_each_promise_is_there_once_and_in_order() -> None:
    assert [int(number) for number, _, _ in PROMISES] == list(range(1, 14))


def test_each_promise_names_tests_that_try_to_break_it() -> None:
    assert [number for number, _, tests in PROMISES if "`test_" not in tests] == []
