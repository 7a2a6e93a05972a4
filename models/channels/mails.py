"""A message as an email."""

from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr

from models.channels.digests import Digest
from models.tables import ChannelDelivery


def mail_of(
    digest: Digest, delivery: ChannelDelivery, sender: str, receiver: str, now: datetime
) -> EmailMessage:
    """Plain text: a name can be no link and no picture. Raises ValueError for what is no address.

    Its id is the same for every attempt, so that a mailbox recognizes a repeated message.
    """
    mail = EmailMessage()
    name, address = parseaddr(sender)
    mail["From"] = Address(name, addr_spec=address)
    mail["To"] = Address(addr_spec=receiver)
    mail["Subject"] = digest.title
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = f"<{delivery.id.hex}@{mail['From'].addresses[0].domain}>"
    mail["Auto-Submitted"] = "auto-generated"
    lines = [f"{each.text}\n{each.link}" if each.link else each.text for each in digest.lines]
    mail.set_content("\n\n".join([*lines, *([digest.ending] if digest.ending else [])]))
    return mail
