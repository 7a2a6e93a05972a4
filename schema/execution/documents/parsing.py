"""Reads documents so that they are freed at once, and so that an error knows its line at once."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from functools import cached_property

from graphql import DocumentNode, Lexer, Location, Source, SourceLocation, Token, TokenKind
from graphql.language import location as graphql_location
from graphql.language.parser import Parser

NEWLINE = re.compile(r"\r\n|[\n\r]")
NO_TOKEN = Token(TokenKind.SOF, 0, 0, 0, 0)


def parse(text: str, most_tokens: int) -> DocumentNode:
    """Raises GraphQLError, or RecursionError where the document is too deep."""
    lexer = ForgetfulLexer(IndexedSource(text))
    return ForgetfulParser(lexer.source, max_tokens=most_tokens, lexer=lexer).parse_document()


class IndexedSource(Source):
    """Finds a line among those that it knows; graphql-core reads the text again each time.

    A document of 50,000 lines with 100 errors would stop the process for a second.
    """

    @cached_property
    def _line_starts(self) -> list[int]:
        return [0, *(newline.end() for newline in NEWLINE.finditer(self.body))]

    def get_location(self, position: int) -> SourceLocation:
        line = bisect_right(self._line_starts, position)
        return SourceLocation(line, position + 1 - self._line_starts[line - 1])


class ForgetfulLexer(Lexer):
    """graphql-core's tokens know one another, so only garbage collection could free them.

    A hundred refused documents had a million; their collection took half a second.
    """

    def advance(self) -> Token:
        token = super().advance()
        each: Token | None = self.last_token
        while each is not None and each is not token:
            each = each.next
            if each is not None:
                each.prev = None
        return token


class ForgetfulParser(Parser):
    def loc(self, start_token: Token) -> Location | None:
        """Keep the place alone, not the tokens."""
        found = super().loc(start_token)
        if found:
            found.start_token = found.end_token = NO_TOKEN
        return found


def _locations(locations: Sequence[tuple[Source, int]]) -> list[SourceLocation]:
    return [source.get_location(start) for source, start in locations]


# For an error of several nodes it would read the text again by itself.
graphql_location.get_locations = _locations
