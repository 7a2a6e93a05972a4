"""What is read of a document is freed without the garbage collector, which stops the process."""

import gc
import json
from collections.abc import Iterator

import pytest
from graphql import GraphQLError, OperationDefinitionNode, Source, specified_rules

from benchmarks import hostile
from schema.execution.documents.parsing import parse
from schema.execution.documents.preparing import prepare
from schema.execution.schema import schema

DOCUMENTS = {name: json.loads(body())["query"] for name, body in hostile.documents("Pool_1")}
RULES = tuple(specified_rules)
# Of the visitors alone, however long the document.
FEW = 300


@pytest.fixture
def uncollected() -> Iterator[None]:
    gc.collect()
    gc.freeze()  # What earlier tests keep would be walked by each collection here.
    gc.disable()
    yield
    gc.enable()


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_prepared_document_leaves_nothing_to_collect(name: str, uncollected: None) -> None:
    prepare(schema._schema, DOCUMENTS[name], RULES)
    gc.collect()
    prepare(schema._schema, DOCUMENTS[name], RULES)
    assert gc.collect() < FEW


@pytest.mark.parametrize("text", ["{ a }", "{\n a\n\n b }", "{\r\n a\r b\n\r\n c }", "\n{ a }\n"])
def test_an_error_names_the_line_that_graphql_core_would(text: str) -> None:
    operation = parse(text, 100).definitions[0]
    assert isinstance(operation, OperationDefinitionNode)
    nodes = list(operation.selection_set.selections)
    expected = [Source(text).get_location(node.loc.start) for node in nodes if node.loc]
    assert [GraphQLError("", node).locations for node in nodes] == [[each] for each in expected]
    assert GraphQLError("", nodes).locations == expected


def test_errors_of_a_document_of_many_lines_read_it_once(monkeypatch: pytest.MonkeyPatch) -> None:
    class Counted:
        found = 0

        def finditer(self, text: str) -> Iterator[object]:
            self.found += 1
            return iter(())

    counted = Counted()
    monkeypatch.setattr("schema.execution.documents.parsing.NEWLINE", counted)
    monkeypatch.setattr("graphql.language.source._re_newline", None)
    text = "{" + "\n" * 50_000 + " ".join(f"viewr{n}" for n in range(90)) + "}"
    assert len(prepare(schema._schema, text, RULES).problems) == 90
    assert counted.found == 1
