import gc
from collections.abc import Iterator

import pytest

from models.sheets.collecting import full_collections_wait

FULL = 2


@pytest.fixture
def generations() -> Iterator[list[int]]:
    """Of each collection that began; they come often."""
    found: list[int] = []

    def note(phase: str, info: dict[str, int]) -> None:
        if phase == "start":
            found.append(info["generation"])

    usual = gc.get_threshold()
    gc.callbacks.append(note)
    gc.set_threshold(50, 1, 1)
    yield found
    gc.set_threshold(*usual)
    gc.callbacks.remove(note)


def test_full_collections_wait_until_the_last_sheet_is_gone(generations: list[int]) -> None:
    with full_collections_wait():
        with full_collections_wait():
            pass
        generations.clear()
        rows = [[number] for number in range(2_000)]
        assert len(generations) > 10
        assert FULL not in generations
    rows += [[number] for number in range(2_000)]
    assert FULL in generations
