"""Parsing, limits and validation of documents; the results for short ones are cached."""

import re
from collections.abc import Iterator
from functools import lru_cache

from graphql import DocumentNode, GraphQLError, GraphQLSchema, parse
from graphql.validation import ASTValidationRule
from strawberry.extensions import SchemaExtension
from strawberry.schema.schema import validate_document

from schema.execution.limits import LONGEST_DOCUMENT, MOST_TOKENS, TOO_DEEP, too_much

MOST_CACHED = 512
LONGEST_CACHED = 8 * 1024
TOO_LONG = f"The document is too long: at most {LONGEST_DOCUMENT:,} characters."
UNREADABLE = "Text may not contain NUL characters or halves of surrogate pairs."
NUL = re.compile(r"\\u(0000|\{0+\})")
NAME = re.compile(r"[_A-Za-z][_0-9A-Za-z]*")
Rules = tuple[type[ASTValidationRule], ...]


class Documents(SchemaExtension):
    refused: str | None = None

    def on_parse(self) -> Iterator[None]:
        context = self.execution_context
        context.parse_options["max_tokens"] = MOST_TOKENS
        assert context.query is not None
        if len(context.query) > LONGEST_DOCUMENT:
            self._refuse(TOO_LONG)
        else:
            try:
                context.graphql_document = _parsed(context.query)
            except RecursionError:
                self._refuse(TOO_DEEP)
            except GraphQLError:
                pass  # Strawberry parses it again and reports the syntax error.
        yield

    def on_validate(self) -> Iterator[None]:
        try:
            problems = self._problems()
        except RecursionError:
            problems = [GraphQLError(TOO_DEEP)]
        self.execution_context.pre_execution_errors = problems
        yield

    def _refuse(self, why: str) -> None:
        """Replace the document; an exception here would end a websocket's operation unanswered."""
        self.refused = why
        name = self.execution_context.operation_name or ""
        operation = f"query {name}" if NAME.fullmatch(name) else ""
        self.execution_context.graphql_document = parse(f"{operation}{{__typename}}")

    def _problems(self) -> list[GraphQLError]:
        context = self.execution_context
        document, query = context.graphql_document, context.query
        assert document is not None
        assert query is not None
        schema, variables = context.schema._schema, context.variables or {}
        why = self.refused or too_much(schema, document, variables)
        if not why and (NUL.search(query) or not _storable(variables)):
            why = UNREADABLE
        if why:
            return [GraphQLError(why)]
        if len(query) > LONGEST_CACHED:
            return validate_document(schema, document, tuple(context.validation_rules))
        return list(_validated(schema, query, tuple(context.validation_rules)))


def _parsed(query: str) -> DocumentNode:
    long = len(query) > LONGEST_CACHED
    return parse(query, max_tokens=MOST_TOKENS) if long else _parsed_once(query)


@lru_cache(maxsize=MOST_CACHED)
def _parsed_once(query: str) -> DocumentNode:
    return parse(query, max_tokens=MOST_TOKENS)


@lru_cache(maxsize=MOST_CACHED)
def _validated(schema: GraphQLSchema, query: str, rules: Rules) -> tuple[GraphQLError, ...]:
    return tuple(validate_document(schema, _parsed_once(query), rules))


def _storable(value: object) -> bool:
    """Whether PostgreSQL can store all texts in the value: none has a NUL or a lone surrogate."""
    if isinstance(value, str):
        return "\0" not in value and _encodes(value)
    if isinstance(value, dict):
        return all(map(_storable, value)) and all(map(_storable, value.values()))
    return all(map(_storable, value)) if isinstance(value, list) else True


def _encodes(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
