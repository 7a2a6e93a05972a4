"""What a resolver knows of its request: who asks, what was loaded, what is followed."""

from dataclasses import dataclass
from typing import TypeAlias

import strawberry

from models.refusals import Forbidden
from models.texts.text import Language, Reader
from models.viewers import Viewer, viewer
from schema.base.listener import Listener
from schema.base.loaders import Loaders
from settings import Settings


@dataclass(eq=False)
class Context:
    viewer: Viewer
    listener: Listener
    loaders: Loaders
    reader: Reader

    @classmethod
    def of(cls, viewer: Viewer, listener: Listener, language: Language) -> "Context":
        reader = Reader(language, viewer.organization.time_zone)
        return cls(viewer, listener, Loaders(viewer), reader)

    @property
    def settings(self) -> Settings:
        return self.listener.settings

    def forget(self) -> None:
        """What was loaded before a change is not true after it."""
        self.loaders = Loaders(self.viewer)

    async def look_again(self) -> None:
        """After a change of who may do what."""
        again = await viewer(self.viewer.organization.id, self.viewer.id)
        if again is None:
            raise Forbidden("You have left the organization.")
        self.viewer = again
        self.forget()


Info: TypeAlias = strawberry.Info[Context, None]
