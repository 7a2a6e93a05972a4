"""Files and functions that one can hold in the head."""

from collections import Counter
from statistics import median, quantiles

import pytest

from tests.house.code import code, modules

MOST_FILES = 16
FILES = [each for each in code() if each.lines]
FUNCTIONS = [function for each in FILES for function in each.functions()]


def percentile_95(sizes: list[int]) -> float:
    return quantiles(sizes, n=20)[-1]


def test_a_package_has_few_files() -> None:
    count = Counter(each.folder for each in code() if each.path.name != "__init__.py")
    assert {str(folder): n for folder, n in count.items() if n > MOST_FILES} == {}


def test_a_file_is_short() -> None:
    assert {each.name: each.lines for each in FILES if each.lines > 160} == {}
    sizes = [each.lines for each in FILES]
    assert median(sizes) <= 70
    assert percentile_95(sizes) <= 120


def test_a_function_is_short() -> None:
    assert {name: lines for name, lines in FUNCTIONS if lines > 40} == {}
    sizes = [lines for _, lines in FUNCTIONS]
    assert median(sizes) <= 6
    assert percentile_95(sizes) <= 20


@pytest.mark.parametrize("room", ["models", "schema"])
def test_the_tests_mirror_the_rooms(room: str) -> None:
    """Each folder of tests has the name of the package that it tests."""
    packages = {each.folder for each in code() if each.room == room}
    tests = {each.folder for each in modules().values() if each.name.startswith(f"tests.{room}")}
    assert {folder.relative_to("tests") for folder in tests} <= packages
