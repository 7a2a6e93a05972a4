"""Files and functions that one can hold in the head."""

from collections import Counter
from statistics import median, quantiles

import pytest

from tests.house.code import code, modules

MOST_FILES = 16


def percentile_95(sizes: list[int]) -> float:
    return quantiles(sizes, n=20)[-1]


def test_a_package_has_few_files() -> None:
    count = Counter(each.folder for each in code() if each.path.name != "__init__.py")
    assert {str(folder): n for folder, n in count.items() if n > MOST_FILES} == {}


def test_a_file_is_short() -> None:
    files = {each.name: each.lines for each in code() if each.lines}
    assert {name: lines for name, lines in files.items() if lines > 160} == {}
    sizes = list(files.values())
    assert median(sizes) <= 70
    assert percentile_95(sizes) <= 120


def test_a_function_is_short() -> None:
    functions = [function for each in code() for function in each.functions()]
    assert {name: lines for name, lines in functions if lines > 40} == {}
    sizes = [lines for _, lines in functions]
    assert median(sizes) <= 6
    assert percentile_95(sizes) <= 20


@pytest.mark.parametrize("room", ["models", "schema"])
def test_the_tests_mirror_the_rooms(room: str) -> None:
    """Each folder of tests has the name of the package that it tests."""
    packages = {each.folder for each in code() if each.room == room}
    tests = {each.folder for each in modules().values() if each.name.startswith(f"tests.{room}")}
    assert {folder.relative_to("tests") for folder in tests} <= packages
