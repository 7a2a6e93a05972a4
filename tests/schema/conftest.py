import logging
from collections.abc import Iterator

import pytest

from tests.support.shared_database import database, office, settings, shared
from tests.tenancy.analysis import loose_tables
from tests.tenancy.lists import EVERYWHERE
from tests.tenancy.texts import Sent

__all__ = [
    "database",
    "every_statement_names_the_organization",
    "office",
    "sent",
    "settings",
    "shared",
]


@pytest.fixture(scope="session")
def sent() -> Sent:
    return Sent()


@pytest.fixture(autouse=True)
def every_statement_names_the_organization(sent: Sent) -> Iterator[None]:
    """For every table that it reads: also one that a function puts together."""
    log = logging.getLogger("tortoise.db_client")
    level, propagate = log.level, log.propagate
    log.addHandler(sent)
    log.setLevel(logging.DEBUG)
    log.propagate = False
    yield
    log.removeHandler(sent)
    log.propagate = propagate
    log.setLevel(level)
    found = {
        f"{name} {table}"
        for name, text in sent.new
        for table in loose_tables(
            text, EVERYWHERE.get(name, ([], ""))[0], one=name not in EVERYWHERE
        )
    }
    sent.new.clear()
    assert found == set()
