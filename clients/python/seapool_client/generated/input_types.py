from typing import Optional

from pydantic import Field

from .base_model import BaseModel


class CustomerInput(BaseModel):
    name: str
    level: Optional[str] = None
    person: Optional[str] = None
    phone: Optional[str] = None
    email: Optional[str] = None
    registration_number: Optional[str] = Field(alias="registrationNumber", default=None)
    "Unified social credit code or another registry's number."
