"""How processes log: JSON lines on stdout, or plain text on a terminal."""

import logging
import sys
from typing import Any

import structlog

from models.sparing_log import Sparing
from settings import Settings

EXPORTER = "opentelemetry.exporter.otlp.proto.http.trace_exporter"
CHATTY = ("arq.worker", "httpcore2", "httpx2", "tortoise")


def configure_logging(settings: Settings) -> None:
    """Log everything, libraries too, to stdout: JSON lines, or plain text on a terminal."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                _without_colour,
                *_rendering(),
            ],
        )
    )
    logging.basicConfig(handlers=[handler], level=settings.log_level, force=True)
    # It logs what clients send: each invalid request, each websocket.
    logging.getLogger("uvicorn.error").addFilter(Sparing())
    # It logs each try to connect to a PostgreSQL that is away.
    logging.getLogger("asyncpg.pool").addFilter(Sparing())
    logging.getLogger("asyncpg.pool").addFilter(_in_a_line)
    # It logs each try to send spans to a receiver that is away.
    logging.getLogger(EXPORTER).addFilter(Sparing())
    if settings.log_level != "DEBUG":
        for name in CHATTY:
            logging.getLogger(name).setLevel(logging.WARNING)


def _in_a_line(record: logging.LogRecord) -> bool:
    """Name the fault in place of its traceback."""
    if record.exc_info:
        record.fault = repr(record.exc_info[1])
        record.exc_info = record.exc_text = None
    return True


def _without_colour(
    logger: Any, name: str, event: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    event.pop("color_message", None)  # uvicorn repeats the line in colour.
    return event


def _rendering() -> list[structlog.typing.Processor]:
    if sys.stdout.isatty():
        return [structlog.dev.ConsoleRenderer()]
    return [
        structlog.processors.format_exc_info,
        structlog.processors.JSONRenderer(ensure_ascii=False),
    ]
