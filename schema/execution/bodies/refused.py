"""Why a request is refused before it is an operation; each says what would be right."""

from typing import ClassVar


class Refused(Exception):
    status: ClassVar[int] = 400
    # Seconds after which the same request may succeed.
    retry_after: ClassVar[int | None] = None

    @property
    def message(self) -> str:
        """A Text where it may reach a person."""
        message: str = self.args[0]
        return message


class Malformed(Refused):
    """It has no operation, or exceeds a bound of every request."""


class TooLarge(Refused):
    status = 413


class TooSlow(Refused):
    status = 408


class Busy(Refused):
    status = 503
    retry_after = 5
