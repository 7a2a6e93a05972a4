from typing import Optional

from pydantic import Field

from .base_model import BaseModel


class CustomerInput(BaseModel):
    """A new customer. Each value is checked; InvalidInput names all wrong ones."""

    name: str
    "1 to 200 characters: the name on its licence tells duplicates best."
    level: Optional[str] = None
    "At most 20 characters. What an owner writes moves no release later."
    person: Optional[str] = None
    "Whom to ask for, at most 100 characters."
    phone: Optional[str] = None
    "At most 200 characters. Several numbers stand between `;` `,` `/` or lines. A number without +country is Chinese."
    email: Optional[str] = None
    "One address, at most 254 characters."
    registration_number: Optional[str] = Field(alias="registrationNumber", default=None)
    "Unified social credit code or another registry's number."
