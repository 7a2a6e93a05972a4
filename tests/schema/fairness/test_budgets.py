"""The budgets of one process, and of several that share them through Valkey."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.queue.queue import queue
from schema.fairness.budgets import WINDOW_SECONDS, Budgets
from schema.fairness.sharing import exchange

BUDGET = 600


@dataclass
class Clock:
    now: float = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_a_budget_may_be_spent_at_once_and_refills_all_the_time(clock: Clock) -> None:
    budgets = Budgets(clock)
    assert budgets.wait("li", BUDGET, BUDGET) == 0
    budgets.spend("li", BUDGET, BUDGET)
    assert budgets.wait("li", 100, BUDGET) == pytest.approx(10)
    clock.now += 9.99
    assert budgets.wait("li", 100, BUDGET) == pytest.approx(0.01)
    clock.now += 0.01
    assert budgets.wait("li", 100, BUDGET) == 0
    assert budgets.left("li", BUDGET) == (100, 50)


def test_one_spender_costs_another_nothing(clock: Clock) -> None:
    budgets = Budgets(clock)
    budgets.spend("li", BUDGET, BUDGET)
    assert budgets.left("han", BUDGET) == (BUDGET, 0)


def test_what_costs_more_than_the_budget_takes_all_of_it_and_no_more(clock: Clock) -> None:
    budgets = Budgets(clock)
    assert budgets.wait("li", 10 * BUDGET, BUDGET) == 0
    budgets.spend("li", 10 * BUDGET, BUDGET)
    assert budgets.left("li", BUDGET) == (0, WINDOW_SECONDS)


def test_a_fine_is_owed_up_to_a_second_budget(clock: Clock) -> None:
    budgets = Budgets(clock)
    budgets.spend("li", BUDGET, BUDGET)
    assert budgets.wait("li", 0, BUDGET) == 0
    for owed in (10, 60, 60):
        budgets.fine("li", 100 if owed == 10 else 10 * BUDGET, BUDGET)
        assert budgets.wait("li", 0, BUDGET) == pytest.approx(owed)
    clock.now += 60
    assert budgets.wait("li", 0, BUDGET) == 0


@given(st.lists(st.tuples(st.floats(0, 30), st.integers(1, BUDGET)), max_size=50))
def test_in_no_window_more_is_spent_than_two_budgets(steps: list[tuple[float, int]]) -> None:
    clock = Clock()
    budgets = Budgets(clock)
    spent: list[tuple[float, int]] = []
    for pause, cost in steps:
        clock.now += pause
        if not budgets.wait("li", cost, BUDGET):
            budgets.spend("li", cost, BUDGET)
            spent.append((clock.now, cost))
    for start, _ in spent:
        inside = [cost for at, cost in spent if start <= at < start + WINDOW_SECONDS]
        assert sum(inside) <= 2 * BUDGET


async def test_two_processes_share_one_budget(database: None) -> None:
    one, other = Budgets(), Budgets()
    one.spend("li", BUDGET // 2, BUDGET)
    other.spend("li", BUDGET // 2, BUDGET)
    assert [await exchange(each) for each in (one, other)] == [True, True]
    assert other.left("li", BUDGET)[0] == pytest.approx(0, abs=20)
    assert other.wait("li", BUDGET // 2, BUDGET) > 0
    one.spend("li", 1, BUDGET)
    await exchange(one)
    assert one.left("li", BUDGET)[0] == pytest.approx(0, abs=20)


async def test_without_valkey_each_process_counts_by_itself_and_tells_later(
    clock: Clock, database: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    budgets, other = Budgets(clock), Budgets()
    with monkeypatch.context() as away:
        away.setattr(queue, "redis", None)
        budgets.spend("li", BUDGET, BUDGET)
        assert not await exchange(budgets)
        assert budgets.wait("li", 1, BUDGET) > 0
    clock.now += WINDOW_SECONDS / 2
    budgets.spend("li", 1, BUDGET)
    assert await exchange(budgets)
    other.spend("li", 1, BUDGET)
    assert await exchange(other)
    assert other.left("li", BUDGET)[0] == pytest.approx(BUDGET / 2, abs=20)
