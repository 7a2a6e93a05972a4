from typing import Literal, Union

from pydantic import Field

from .base_model import BaseModel
from .enums import ExtensionStatus


class RequestExtension(BaseModel):
    request_extension: Union[
        "RequestExtensionRequestExtensionExtension",
        "RequestExtensionRequestExtensionNotHolder",
        "RequestExtensionRequestExtensionForbidden",
        "RequestExtensionRequestExtensionNotFound",
        "RequestExtensionRequestExtensionInvalidInput",
    ] = Field(alias="requestExtension", discriminator="typename__")


class RequestExtensionRequestExtensionExtension(BaseModel):
    typename__: Literal["Extension"] = Field(alias="__typename")
    id: str
    by: str
    status: ExtensionStatus


class RequestExtensionRequestExtensionNotHolder(BaseModel):
    typename__: Literal["NotHolder"] = Field(alias="__typename")
    message: str


class RequestExtensionRequestExtensionForbidden(BaseModel):
    typename__: Literal["Forbidden"] = Field(alias="__typename")
    message: str


class RequestExtensionRequestExtensionNotFound(BaseModel):
    typename__: Literal["NotFound"] = Field(alias="__typename")
    message: str


class RequestExtensionRequestExtensionInvalidInput(BaseModel):
    typename__: Literal["InvalidInput"] = Field(alias="__typename")
    message: str
    problems: list["RequestExtensionRequestExtensionInvalidInputProblems"]


class RequestExtensionRequestExtensionInvalidInputProblems(BaseModel):
    path: str
    message: str


RequestExtension.model_rebuild()
RequestExtensionRequestExtensionInvalidInput.model_rebuild()
