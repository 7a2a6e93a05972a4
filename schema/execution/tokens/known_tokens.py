"""Tokens whose signature was checked: each request of a member brings the same one."""

import time
from collections import OrderedDict
from typing import Generic, TypeVar

MOST = 20_000
Token = TypeVar("Token")


class KnownTokens(Generic[Token]):
    """The latest tokens, each until it expires; all are forgotten when the keys change."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, tuple[Token, float]] = OrderedDict()
        self._keys: object = None

    def find(self, text: str, keys: object) -> Token | None:
        """Return the token that this text was, by the keys that are still in use."""
        if keys is not self._keys:
            self._known.clear()
            self._keys = keys
        found = self._known.get(text)
        if found is None:
            return None
        if time.time() >= found[1]:
            del self._known[text]
            return None
        self._known.move_to_end(text)
        return found[0]

    def keep(self, text: str, token: Token, expires_at: float) -> None:
        self._known[text] = (token, expires_at)
        if len(self._known) > MOST:
            self._known.popitem(last=False)
