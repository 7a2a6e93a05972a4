"""The header Idempotency-Key, by draft-ietf-httpapi-idempotency-key-header."""


def key_of(header: str | None) -> str | None:
    """Return the key, without the quotes of a string of structured fields; many clients send none.

    The mutation refuses a key of a wrong length, as it does with its argument.
    """
    if header is None:
        return None
    key = header.strip()
    return key[1:-1] if len(key) > 1 and key[0] == key[-1] == '"' else key
