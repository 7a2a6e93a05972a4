"""Why a request is refused before it is an operation; each says what would be right."""

from typing import ClassVar


class Refused(Exception):
    status: ClassVar[int] = 400
    code: ClassVar[str] = "BAD_REQUEST"
    # Seconds after which the same request may succeed.
    retry_after: ClassVar[int | None] = None

    @property
    def message(self) -> str:
        """A Text where it may reach a person."""
        message: str = self.args[0]
        return message


class Malformed(Refused):
    """It has no operation, or exceeds a bound of every request."""


class UnknownDocument(Refused):
    """No document has the id; a client that has it sends it again, with its hash."""

    code = "PERSISTED_QUERY_NOT_FOUND"

    def __init__(self) -> None:
        # Clients look for this text.
        super().__init__("PersistedQueryNotFound")


class TooLarge(Refused):
    status = 413


class TooSlow(Refused):
    status = 408


class Busy(Refused):
    status = 503
    retry_after = 5
