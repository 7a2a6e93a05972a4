"""The enumerations of sheets; the domain uses their values as plain text."""

from enum import StrEnum
from typing import Any

import strawberry

from models.imports import progress, stored
from models.sheets.delimiters import DELIMITERS
from models.sheets.encodings import NAMES as ENCODINGS

# Any: mypy does not understand an enum whose names are computed.
make_enum: Any = StrEnum
SheetKind: Any = strawberry.enum(make_enum("SheetKind", {k: k for k in stored.KINDS}))
SheetEncoding: Any = strawberry.enum(make_enum("SheetEncoding", {k: k for k in ENCODINGS}))
Delimiter: Any = strawberry.enum(make_enum("Delimiter", {k: k for k in DELIMITERS}))
ImportState: Any = strawberry.enum(make_enum("ImportState", {k: k for k in progress.STATES}))


@strawberry.enum(description="A field of a customer that a column of a sheet may be.")
class SheetField(StrEnum):
    NAME = "name"
    LEVEL = "level"
    PERSON = "person"
    PHONE = "phone"
    EMAIL = "email"
    REGISTRATION_NUMBER = "registrationNumber"


@strawberry.enum
class ImportMode(StrEnum):
    ALL_OR_NOTHING = "ALL_OR_NOTHING"
    GOOD_ROWS = "GOOD_ROWS"


@strawberry.enum(description="What becomes of a row that is a customer already, by its keys.")
class OnExisting(StrEnum):
    REFUSE = "REFUSE"
    UPDATE = "UPDATE"
