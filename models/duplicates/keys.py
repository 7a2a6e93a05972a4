"""The exact keys by which two customers are duplicates."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from models.duplicates.characters import folded
from models.duplicates.names import normalise_name
from models.duplicates.phones import phone_keys

NOT_A_SIGN = re.compile(r"[\W_]+")


class Key(NamedTuple):
    """What two customers must not share: `kind` as in KINDS, `value` normalised, never empty."""

    kind: str
    value: str


def email_key(email: str) -> str | None:
    return folded(email) or None


def registration_key(number: str) -> str | None:
    return NOT_A_SIGN.sub("", folded(number)).upper() or None


KINDS = {
    "registrationNumber": "REGISTRATION_NUMBER",
    "name": "NAME",
    "phone": "PHONE",
    "email": "EMAIL",
}
FIELD_OF = {kind: field for field, kind in KINDS.items()}
VALUES: dict[str, Callable[[str], Iterable[str | None]]] = {
    "registrationNumber": lambda number: [registration_key(number)],
    "name": lambda name: [normalise_name(name)],
    "phone": phone_keys,
    "email": lambda email: [email_key(email)],
}
# The columns in which the release before looks for duplicates.
FORMER_COLUMNS = {
    "NAME": "name_key",
    "PHONE": "phone_key",
    "EMAIL": "email_key",
    "REGISTRATION_NUMBER": "registration_key",
}


def duplicate_keys(known: Mapping[str, str | None]) -> tuple[Key, ...]:
    """Return each key once; `known` has the fields by their names in CustomerInput.

    A field that is absent, empty or wrong has no keys; a phone field has one for each number.
    """
    return tuple(key for field in KINDS for key in field_keys(field, known.get(field)))


def field_keys(field: str, value: str | None) -> tuple[Key, ...]:
    """Return the keys of one field; none for a field that no key is made of."""
    if not value or field not in KINDS:
        return ()
    kind = KINDS[field]
    return tuple([Key(kind, each) for each in VALUES[field](value) if each])


def former_columns(keys: Iterable[Key]) -> dict[str, str | None]:
    """Return the first key of each kind by its column, for the release before.

    name_key must not be null: it is "" without a name.
    """
    columns: dict[str, str | None] = dict.fromkeys(FORMER_COLUMNS.values())
    for key in keys:
        columns[FORMER_COLUMNS[key.kind]] = columns[FORMER_COLUMNS[key.kind]] or key.value
    columns["name_key"] = columns["name_key"] or ""
    return columns
