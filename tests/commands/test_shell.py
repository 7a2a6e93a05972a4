import subprocess

import pytest

from engines.child import environment_of
from models import demo
from settings import Settings
from tests.support import commands
from tests.support.running import clean_environment


@pytest.fixture
async def demo_data(database: None) -> None:
    assert await demo.seed()


def shell(settings: Settings, *statements: str) -> subprocess.CompletedProcess[str]:
    """The shell, which reads the statements from a pipe."""
    read = "".join(f"{statement}\n" for statement in statements)
    return commands.run(["shell"], clean_environment() | environment_of(settings), read)


def answers(done: subprocess.CompletedProcess[str]) -> list[str]:
    """The printed lines, without prompts."""
    lines = (line.replace(">>> ", "").replace("... ", "") for line in done.stdout.splitlines())
    return [line for line in lines if line]


def test_it_knows_viewers_models_and_the_database(settings: Settings, demo_data: None) -> None:
    done = shell(
        settings,
        'short, whole = await viewer("sales1"), await viewer("sales1@demo.test")',
        "short.member.email, short.id == whole.id",
        "await Customer.filter(owner_id=short.id).count() > 0",
        'await database.rows("SELECT 1 AS one")',
    )
    assert done.returncode == 0
    assert "Traceback" not in done.stderr
    assert answers(done) == ["('sales1@demo.test', True)", "True", "[{'one': 1}]"]


def test_an_error_is_shown_and_the_shell_goes_on(settings: Settings) -> None:
    done = shell(settings, 'await viewer("nobody")', "1 / 0", "6 * 7", "exit(3)", "print('late')")
    assert "no active member has the email nobody@demo.test" in done.stderr
    assert "ZeroDivisionError" in done.stderr
    assert (answers(done), done.returncode) == (["42"], 3)


def test_names_and_tasks_live_from_one_statement_to_the_next(settings: Settings) -> None:
    done = shell(
        settings,
        "async def double(n):",
        "    return 2 * n",
        "",
        "task = asyncio.create_task(double(4))",
        "await task",
    )
    assert answers(done) == ["8"]
    assert "Traceback" not in done.stderr
