"""Documents by their ids: sent before with their hash, or of a manifest that allows no others."""

import json
from collections.abc import AsyncIterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from app import create_app
from models.viewers import Viewer
from schema.base import ids
from schema.execution.bodies import persisted as module
from schema.execution.bodies.persisted import Persisted
from schema.execution.bodies.refused import Malformed, UnknownDocument
from settings import Settings, SettingsError
from tests.schema.execution.bodies.test_sizes import post
from tests.support.running import Client, api_in_process
from tests.support.samples import Office
from tests.support.sockets import let_in

VIEWER = "query Me { viewer { id } }"
OTHER = "{ viewer { name } }"
HASH = sha256(VIEWER.encode()).hexdigest()
APOLLO = {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": HASH}}}
SPECIFIED = {"documentId": f"sha256:{HASH}"}


async def asked(api: Client, who: Viewer, **payload: Any) -> tuple[int, dict[str, Any]]:
    answer = await post(api, who, json.dumps(payload).encode())
    content: dict[str, Any] = answer.json()
    return answer.status_code, content


@pytest.mark.parametrize("named", [APOLLO, SPECIFIED])
async def test_a_document_is_known_once_it_came_with_its_hash(
    api: Client, office: Office, named: dict[str, Any]
) -> None:
    admin = await office.admin()
    me = {"data": {"viewer": {"id": ids.encode("Member", admin.id)}}}
    module.persisted._sent.clear()
    status, answer = await asked(api, admin, **named)
    assert status == 400
    assert answer["errors"] == [
        {"message": "PersistedQueryNotFound", "extensions": {"code": "PERSISTED_QUERY_NOT_FOUND"}}
    ]
    assert await asked(api, admin, query=VIEWER, **named) == (200, me)
    assert await asked(api, admin, **named) == (200, me)


@pytest.mark.parametrize(
    ("payload", "said"),
    [
        ({"query": OTHER} | APOLLO, "hash is not that of `query`"),
        ({"query": OTHER, "documentId": "x"}, "hash is not that of `query`"),
        ({"documentId": ""}, "`documentId` must be"),
        ({"documentId": "x" * 201}, "`documentId` must be"),
        ({"documentId": 5}, "`documentId` must be"),
        ({"extensions": {"persistedQuery": 1}}, "`extensions.persistedQuery` must be"),
        ({"extensions": {"persistedQuery": {"version": 1}}}, "`extensions.persistedQuery` must"),
        (
            {"extensions": {"persistedQuery": {"version": 2, "sha256Hash": HASH}}},
            "`extensions.persistedQuery` must be",
        ),
        ({"query": 5} | APOLLO, "`query` must be"),
        ({}, "`query` must be"),
    ],
)
def test_a_wrong_id_is_told_what_would_be_right(payload: dict[str, Any], said: str) -> None:
    with pytest.raises(Malformed) as refused:
        Persisted().document_of(payload)
    assert said in refused.value.message


def test_the_oldest_documents_are_forgotten_first(monkeypatch: pytest.MonkeyPatch) -> None:
    known = Persisted()
    monkeypatch.setattr(module, "MOST_REMEMBERED", 3 * len(OTHER))
    documents = [f"{{ viewer {{ nam{n} }} }}" for n in range(4)]
    hashes = [sha256(each.encode()).hexdigest() for each in documents]
    for document, hash in zip(documents, hashes, strict=True):
        known.document_of({"query": document, "documentId": f"sha256:{hash}"})
        known.document_of({"documentId": f"sha256:{hashes[0]}"})  # Used again and again.
    assert known.document_of({"documentId": hashes[0]}) == documents[0]
    with pytest.raises(UnknownDocument):
        known.document_of({"documentId": hashes[1]})


@pytest.fixture
def manifest(tmp_path: Path) -> Path:
    path = tmp_path / "manifest.json"
    path.write_text(json.dumps({"operations": [{"id": "me", "name": "Me", "body": VIEWER}]}))
    return path


@pytest_asyncio.fixture
async def trusting(settings: Settings, manifest: Path) -> AsyncIterator[Client]:
    wanted = settings.model_copy(update={"trusted_documents": manifest})
    async with api_in_process(wanted) as client:
        yield client
    module.persisted.trust(None)


async def test_with_a_manifest_no_other_document_runs(trusting: Client, office: Office) -> None:
    li = await office.person()
    me = {"data": {"viewer": {"id": ids.encode("Member", li.id)}}}
    assert await asked(trusting, li, documentId="me") == (200, me)
    assert await asked(trusting, li, query=VIEWER) == (200, me)
    status, answer = await asked(trusting, li, query=OTHER)
    assert status == 400
    assert "documents of its manifest" in answer["errors"][0]["message"]
    other = sha256(OTHER.encode()).hexdigest()
    status, _ = await asked(trusting, li, query=OTHER, documentId=f"sha256:{other}")
    assert status == 400
    status, answer = await asked(trusting, li, documentId="you")
    assert answer["errors"][0]["extensions"] == {"code": "PERSISTED_QUERY_NOT_FOUND"}


async def test_a_websocket_runs_no_other_document_either(trusting: Client, office: Office) -> None:
    li = await office.person()
    async with let_in(trusting, li.member) as socket:
        await socket.send(type="subscribe", id="1", payload={"documentId": "me"})
        assert (await socket.next())["id"] == ids.encode("Member", li.id)
    async with let_in(trusting, li.member) as socket:
        await socket.ask(OTHER)
        assert await socket.closed() == 4400
        assert "documents of its manifest" in str(socket.connection.close_reason)


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"a": 1}', '{"operations": [{"id": "a"}]}'])
def test_a_manifest_that_names_no_documents_stops_the_start(
    settings: Settings, tmp_path: Path, content: str
) -> None:
    path = tmp_path / "manifest.json"
    path.write_text(content)
    with pytest.raises(SettingsError, match="SEAPOOL_TRUSTED_DOCUMENTS="):
        create_app(settings.model_copy(update={"trusted_documents": path}))
