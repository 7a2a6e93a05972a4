"""Documents by their id: those of a manifest alone, or those that some client sent before.

Ids come as `documentId` (GraphQL over HTTP, appendix on persisted documents), or as Apollo's
`extensions.persistedQuery.sha256Hash`.
"""

import threading
from collections import OrderedDict
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from graphql import GraphQLError, OperationDefinitionNode, parse

from schema.execution.bodies.refused import Malformed, UnknownDocument

LONGEST_ID = 200
# Characters of all documents that clients sent with their hash, in one process.
MOST_REMEMBERED = 2 * 1024 * 1024
NO_QUERY = "`query` must be a GraphQL document in a string."
NO_ID = f"`documentId` must be a string of 1 to {LONGEST_ID} characters."
NO_HASH = (
    "`extensions.persistedQuery` must be an object: version 1, and as sha256Hash the document's"
    " SHA-256 in hexadecimal."
)
OTHER_HASH = "The hash is not that of `query`: send the SHA-256 of its UTF-8, in hexadecimal."
NOT_TRUSTED = "This server runs the documents of its manifest alone: send one's id as `documentId`."
PREFIX = "sha256:"


class Persisted:
    """The documents that have ids; `trust` says whether others are refused."""

    def __init__(self) -> None:
        self._trusted: Mapping[str, str] | None = None
        self._texts: frozenset[str] = frozenset()
        # Of the operations that the manifest has.
        self.names: frozenset[str] = frozenset()
        self._sent: OrderedDict[str, str] = OrderedDict()
        self._size = 0
        # Long bodies are read in a thread of their own.
        self._lock = threading.Lock()

    def trust(self, manifest: Mapping[str, str] | None) -> None:
        """Run no documents but these, by their ids; with None, run any."""
        self._trusted = manifest
        self._texts = frozenset((manifest or {}).values())
        self.names = frozenset(name for text in self._texts for name in _names_in(text))

    def document_of(self, payload: Mapping[str, Any]) -> str:
        """Return the document that a payload has or names; raises Malformed, UnknownDocument."""
        document, id = payload.get("query"), _id_in(payload)
        if document is not None and (not isinstance(document, str) or not document):
            raise Malformed(NO_QUERY)
        if id is None and document is None:
            raise Malformed(NO_QUERY)
        if self._trusted is not None:
            return self._of_manifest(self._trusted, document, id)
        if document is None:
            return self._of_hash(str(id))
        if id is not None:
            self._remember(id.removeprefix(PREFIX), document)
        return document

    def _of_manifest(self, trusted: Mapping[str, str], document: str | None, id: str | None) -> str:
        found = trusted.get(id) or trusted.get(id.removeprefix(PREFIX)) if id else document
        if found is None or found not in self._texts:
            raise UnknownDocument() if document is None else Malformed(NOT_TRUSTED)
        return found

    def _of_hash(self, id: str) -> str:
        with self._lock:
            found = self._sent.get(id.removeprefix(PREFIX))
            if found is None:
                raise UnknownDocument()
            self._sent.move_to_end(id.removeprefix(PREFIX))
            return found

    def _remember(self, hash: str, document: str) -> None:
        if sha256(document.encode(errors="surrogatepass")).hexdigest() != hash:
            raise Malformed(OTHER_HASH)
        with self._lock:
            if hash not in self._sent:
                self._sent[hash] = document
                self._size += len(document)
            while self._size > MOST_REMEMBERED:
                _, dropped = self._sent.popitem(last=False)
                self._size -= len(dropped)


persisted = Persisted()


def _names_in(document: str) -> set[str]:
    """The names of a document's operations; none where it is no document: nobody can run it."""
    try:
        found = parse(document).definitions
    except GraphQLError:
        return set()
    operations = (each for each in found if isinstance(each, OperationDefinitionNode))
    return {each.name.value for each in operations if each.name}


def _id_in(payload: Mapping[str, Any]) -> str | None:
    id = payload.get("documentId")
    if id is not None:
        if not isinstance(id, str) or not 1 <= len(id) <= LONGEST_ID:
            raise Malformed(NO_ID)
        return id
    given = (payload.get("extensions") or {}).get("persistedQuery")
    if given is None:
        return None
    hash = given.get("sha256Hash") if isinstance(given, dict) else None
    if not isinstance(hash, str) or not 1 <= len(hash) <= LONGEST_ID or given.get("version") != 1:
        raise Malformed(NO_HASH)
    return hash
