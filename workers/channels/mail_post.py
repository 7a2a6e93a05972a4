"""One attempt to hand an email to the mail server that the operator of Seapool has set."""

import asyncio
import ssl
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

import aiosmtplib

from models import sparing_log
from models.texts.text import Text
from models.webhooks.answers import Answer
from models.webhooks.guarded_post import LONGEST_FAULT


async def send_mail(mail: EmailMessage, url: str, seconds: float) -> Answer:
    """`url` is smtp:// with STARTTLS where the server has it, or smtps://.

    A password goes only over TLS.
    """
    parts = urlsplit(url)
    try:
        async with asyncio.timeout(seconds):
            await aiosmtplib.send(
                mail,
                hostname=parts.hostname,
                port=parts.port,
                username=unquote(parts.username) if parts.username else None,
                password=unquote(parts.password) if parts.password else None,
                use_tls=parts.scheme == "smtps",
                start_tls=_start_tls(parts.scheme, has_password=bool(parts.password)),
                tls_context=await asyncio.to_thread(ssl.create_default_context),
                timeout=None,
            )
    except aiosmtplib.SMTPRecipientsRefused as no:
        code = no.recipients[0].code if no.recipients else None
        return Answer(code, Text("the mail server refuses the address: {code}", code=code))
    except aiosmtplib.SMTPResponseException as no:
        return Answer(no.code, Text("the mail server answered {code}", code=no.code))
    except (OSError, TimeoutError, aiosmtplib.SMTPException, ValueError) as fault:
        sparing_log.warning("email can't be sent: see SEAPOOL_SMTP_URL", fault=repr(fault))
        why = (str(fault) or type(fault).__name__)[:LONGEST_FAULT]
        return Answer(None, Text("the mail server can't be reached: {fault}", fault=why))
    return Answer(None, None)


def _start_tls(scheme: str, *, has_password: bool) -> bool | None:
    """None: where the server has it."""
    if scheme == "smtps":
        return False
    return True if has_password else None
