"""`manage.py dev` on a copy of the code, which the tests change."""

import signal
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from tests.support.running import short_folder
from tests.support.supervised import Up, copy_code, gone, ready, running, until


@pytest.fixture(scope="module")
def lasting_dev() -> Iterator[Up]:
    """One for all tests, on a copy of the code; the last one ends it."""
    with short_folder() as folder:
        copy_code(folder)
        with running(folder / "data", "dev", root=folder) as dev:
            until(lambda: ready(dev))
            yield dev


def livez(dev: Up) -> str:
    """What the API answers there, empty while it starts."""
    try:
        return dev.get("/livez").text
    except httpx2.TransportError:
        return ""


def answer(code: Path, text: str) -> None:
    """Let /livez answer `text`; the file is replaced, as many editors do."""
    app = code / "app.py"
    new = code / "app.py.new"
    new.write_text(app.read_text().replace("ok\\n", text))
    new.rename(app)


def test_a_changed_file_reloads_api_and_worker(lasting_dev: Up) -> None:
    dev, code = lasting_dev, lasting_dev.data.parent
    before = dev.descendants()
    answer(code, "changed")
    until(lambda: livez(dev) == "changed")
    until(lambda: ready(dev))
    after = dev.descendants()
    assert {name for name in before if before[name].pid != after[name].pid} == {"api", "worker"}
    assert gone([before["api"], before["worker"]])
    assert '"changed": ["app.py"]' in dev.output


def test_a_broken_file_stops_both_until_it_is_mended(lasting_dev: Up) -> None:
    dev, code = lasting_dev, lasting_dev.data.parent
    tables = code / "models" / "tables" / "pools.py"
    text = tables.read_text()
    tables.write_text(f"{text}\nbroken(")
    until(lambda: dev.output.count("the next change of a file starts it") == 2)
    assert set(dev.descendants()) == {"postgres", "valkey"}
    assert "SyntaxError" in dev.output
    tables.write_text(text)
    until(lambda: ready(dev))
    assert dev.output.count("the next change of a file starts it") == 2


def test_ctrl_c_stops_everything(lasting_dev: Up) -> None:
    dev = lasting_dev
    processes = dev.everything()
    assert len(processes) > 6
    told = len(dev.output)
    dev.process.send_signal(signal.SIGINT)
    assert dev.process.wait(15) == 0
    assert gone(processes)
    assert "Traceback" not in dev.output[told:]
