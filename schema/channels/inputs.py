"""What a channel is saved with."""

import strawberry

from models.channels.fields import ChannelFields
from models.channels.kinds import ChannelKind
from models.ledger.actions import AlertKind
from models.rules.durations import Span
from schema.base import ids
from schema.channels.channel import ChannelLanguage


@strawberry.input
class ChannelInput:
    kind: ChannelKind
    id: strawberry.ID | None = None
    url: str | None = strawberry.field(
        default=None, description="The robot's address. Not given, a channel keeps its own."
    )
    secret: str | None = strawberry.field(
        default=None,
        description="The signing secret of DINGTALK or FEISHU. Not given, a channel keeps its own;"
        " empty, it has none.",
    )
    for_organization: bool | None = strawberry.field(
        default=None, description="true: the organization's; admins only. Else the viewer's own."
    )
    language: ChannelLanguage | None = strawberry.field(
        default=None, description="Not given, the language of this request."
    )
    kinds: list[AlertKind] | None = None
    pool_ids: list[strawberry.ID] | None = None
    quiet_from: str | None = None
    quiet_to: str | None = None
    digest_every: Span | None = strawberry.field(
        default=None, description="From PT1M to P1D. Not given, PT5M."
    )

    def to_domain(self, language: str) -> ChannelFields:
        pools = self.pool_ids
        return ChannelFields(
            kind=self.kind,
            language=self.language.value if self.language else language,
            url=self.url,
            secret=self.secret,
            for_organization=self.for_organization,
            kinds=None if self.kinds is None else tuple(kind.value for kind in self.kinds),
            pool_ids=None if pools is None else tuple(ids.decode(id, "Pool") for id in pools),
            quiet_from=self.quiet_from,
            quiet_to=self.quiet_to,
            digest_every=self.digest_every,
        )
