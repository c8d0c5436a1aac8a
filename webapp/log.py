"""Lines for whoever runs the shop: who did what and when, never a secret or a whole phone."""

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

from webapp.accounts.rules import masked_contact

SECRET_NAMES = {
    "password", "code", "secret", "token", "ticket", "key_value", "csrf_token", "cookie",
    "authorization", "link",
}  # fmt: skip
PHONE = re.compile(r"\+\d{7,15}\b")
EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+")
Line = MutableMapping[str, Any]

LOG: structlog.stdlib.BoundLogger = structlog.get_logger("laurel")


def start_log(level: str) -> None:
    """Write lines to the error stream: readable on a terminal, JSON elsewhere."""
    number = logging.getLevelNamesMapping()[level.upper()]
    shape: list[Any] = (
        [keep_secrets, structlog.dev.ConsoleRenderer(colors=True)]
        if sys.stderr.isatty()
        else [
            structlog.processors.format_exc_info,
            keep_secrets,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ]
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            *shape,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=lambda *_names: structlog.PrintLogger(sys.stderr),
        cache_logger_on_first_use=False,
    )
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(message)s")


def keep_secrets(_logger: Any, _method: str, line: Line) -> Line:
    """Leave secrets out and mask contacts, wherever in a line they stand."""
    for name, value in line.items():
        if name in SECRET_NAMES:
            line[name] = "…"
        elif isinstance(value, str) and name != "timestamp":
            line[name] = masked_text(value)
    return line


def masked_text(text: str) -> str:
    """A text whose phones and e-mails only their owners would recognise."""
    for pattern in (PHONE, EMAIL):
        text = pattern.sub(lambda found: masked_contact(found.group()), text)
    return text
