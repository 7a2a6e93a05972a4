"""Cursors as clients hold them: signed with the key of their organization.

A cursor that this organization's members did not get from the server does not open.
"""

import base64
import binascii
import hmac
from dataclasses import dataclass, field

MAC_BYTES = 16


@dataclass(frozen=True, slots=True)
class Seal:
    key: bytes = field(repr=False)

    def close(self, plain: str) -> str:
        """Return the text with its signature behind a dot.

        The text before the dot ends in padding, where the release before stops reading: it takes
        the cursors of this one. A space behind JSON or a number means nothing.
        """
        text = plain.encode()
        if len(text) % 3 == 0:
            text += b" "
        return f"{_encoded(text)}.{_encoded(self._mac(text))}"

    def open(self, cursor: str) -> str:
        """Return what was signed; raises ValueError for all else."""
        text, mac = map(_decoded, cursor.split("."))
        if not hmac.compare_digest(mac, self._mac(text)):
            raise ValueError(cursor)
        return text.decode()

    def _mac(self, text: bytes) -> bytes:
        return hmac.digest(self.key, text, "sha256")[:MAC_BYTES]


def unsigned(cursor: str) -> str:
    """Return the text of a cursor, of any origin; raises ValueError."""
    return _decoded(cursor.partition(".")[0]).decode()


def _encoded(text: bytes) -> str:
    return base64.urlsafe_b64encode(text).decode()


def _decoded(text: str) -> bytes:
    try:
        return base64.urlsafe_b64decode(text.encode())
    except binascii.Error:
        raise ValueError(text) from None
