"""A token is checked once, and known until it expires or the keys change."""

import time_machine

from schema.execution.tokens import known_tokens
from schema.execution.tokens.known_tokens import KnownTokens

NOW = 1_800_000_000.0


def test_a_token_is_known_until_it_expires() -> None:
    known, keys = KnownTokens[str](), object()
    with time_machine.travel(NOW, tick=False) as clock:
        assert known.find("Bearer a", keys) is None
        known.keep("Bearer a", "the token", NOW + 10)
        clock.shift(9.5)
        assert known.find("Bearer a", keys) == "the token"
        clock.shift(0.5)
        assert known.find("Bearer a", keys) is None


def test_other_keys_make_every_token_unknown() -> None:
    known, keys = KnownTokens[str](), object()
    with time_machine.travel(NOW, tick=False):
        known.find("Bearer a", keys)
        known.keep("Bearer a", "the token", NOW + 10)
        assert known.find("Bearer a", object()) is None
        assert known.find("Bearer a", keys) is None


def test_the_token_that_was_used_longest_ago_is_forgotten_first() -> None:
    known, keys = KnownTokens[int](), object()
    with time_machine.travel(NOW, tick=False):
        known.find("0", keys)
        for n in range(known_tokens.MOST):
            known.keep(str(n), n, NOW + 10)
        assert known.find("0", keys) == 0
        known.keep("one more", -1, NOW + 10)
        assert known.find("1", keys) is None
        assert known.find("0", keys) == 0
