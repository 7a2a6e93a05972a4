from datetime import timedelta

import pytest

from models.webhooks.answers import answer_of_status


@pytest.mark.parametrize(
    ("status", "problem"),
    [
        (200, None),
        (204, None),
        (302, "it answered 302: redirects are not followed"),
        (404, "it answered 404"),
        (500, "it answered 500"),
    ],
)
def test_only_2xx_succeeds(status: int, problem: str | None) -> None:
    answer = answer_of_status(status, "600")
    assert (answer.problem, answer.wait) == (problem, timedelta(0))


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(
    ("after", "seconds"),
    [(None, 0), ("1", 1), ("600", 600), ("9" * 5000, 3600), ("soon", 0), ("-1", 0), ("²", 0)],
)
def test_who_is_busy_says_when_to_come_again(status: int, after: str | None, seconds: int) -> None:
    answer = answer_of_status(status, after)
    assert (answer.problem, answer.wait) == (f"it answered {status}", timedelta(seconds=seconds))
