"""A run without a network leaves these suites out, and says so; CI fails."""

from pathlib import Path

import pytest

from tests.support import packages


@pytest.fixture
def suites(tmp_path: Path) -> Path:
    """A folder whose packages npm can't install."""
    folder = tmp_path / "suites"
    folder.mkdir()
    (folder / "package.json").write_text('{"name": "suites", "dependencies": {"absent": "1.0.0"}}')
    (folder / "package-lock.json").write_text("{}")
    return folder


def test_packages_that_cant_be_installed_are_told_in_one_line_and_tried_once(
    suites: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packages, "REQUIRED", False)
    log = tmp_path / "npm.log"
    with pytest.raises(pytest.skip.Exception) as skipped:
        packages.installed(suites, log, tmp_path)
    words = str(skipped.value)
    assert words.startswith("suites is left out, its packages can't be installed: npm ci failed:")
    assert len(words.splitlines()) == 1
    log.unlink()
    with pytest.raises(pytest.skip.Exception) as again:
        packages.installed(suites, log, tmp_path)
    assert str(again.value) == words
    assert not log.exists()


def test_where_they_are_required_the_run_fails(
    suites: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packages, "REQUIRED", True)
    with pytest.raises(AssertionError, match="suites is left out"):
        packages.installed(suites, tmp_path / "npm.log", tmp_path)
