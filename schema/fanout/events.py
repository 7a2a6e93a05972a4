"""The texts of GraphQL over SSE: https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md."""

COMPLETE = b"event: complete\ndata: \n\n"
# A comment, which no client sees.
ALIVE = b":\n\n"


def next_event(answer: bytes) -> bytes:
    """An operation's answer, as JSON without line breaks."""
    return b"event: next\ndata: %b\n\n" % answer
