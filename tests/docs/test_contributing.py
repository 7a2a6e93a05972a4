"""CONTRIBUTING lists each suite that others wrote."""

import re

from tests.docs.pages import Page
from tests.support.running import ROOT

# It checks how packages are installed, not the API.
NO_SUITES = {"test_packages.py"}


def test_every_suite_of_the_conformance_tests_is_listed() -> None:
    listed = re.findall(r"\(tests/conformance/(test_\w+\.py)\)", Page("CONTRIBUTING.md").text)
    suites = {path.name for path in (ROOT / "tests" / "conformance").glob("test_*.py")}
    assert sorted(listed) == sorted(suites - NO_SUITES)
