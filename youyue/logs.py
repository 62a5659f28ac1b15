"""Logs: one JSON object a line, with allowed keys only.

Logs travel further than any database and are kept for months: a key that is not on the list is
dropped before it is written, and its name alone stands in ``dropped``, so that nobody can log a
name, a title or a UID by accident (``docs/threat-model.md``).
"""

import logging
import sys
from typing import TextIO

import structlog
from structlog.typing import EventDict, WrappedLogger

ALLOWED_KEYS = frozenset(
    {
        "address",  # host and port of a service of ours
        "at",
        "bound",
        "branch",
        "bytes",
        "card_tag",  # six hexadecimal digits of an HMAC, see replica.card_keys
        "code",
        "correlation",
        "count",
        "cursor",
        "detail",
        "device",
        "dropped",
        "event",
        "failures",
        "fault",
        "feed",
        "kiosk",
        "level",
        "method",
        "milliseconds",
        "offline",
        "partner",
        "path",
        "pid",
        "place",
        "position",
        "problem",
        "reader",
        "reasons",
        "restarts",
        "screen",
        "seconds",
        "seq",
        "snapshot",
        "state",
        "status",
        "table",
        "thread",
        "version",
    },
)
_LONGEST_VALUE = 300


def only_allowed_keys(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Drop what is not on the list and shorten what is long."""
    dropped = sorted(key for key in event if key not in ALLOWED_KEYS)
    kept = {key: _shortened(value) for key, value in event.items() if key in ALLOWED_KEYS}
    if dropped:
        kept["dropped"] = dropped
    return kept


def _shortened(value: object) -> object:
    if isinstance(value, int | float | bool | type(None)):
        return value
    if isinstance(value, list | tuple):
        return [_shortened(part) for part in value]
    text = str(value)
    return text if len(text) <= _LONGEST_VALUE else text[:_LONGEST_VALUE] + "…"


def configure(stream: TextIO | None = None, *, verbose: bool = False) -> None:
    """Send every log to the stream (standard error when none), from INFO up, or from DEBUG when verbose."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
            only_allowed_keys,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.DEBUG if verbose else logging.INFO),
        logger_factory=structlog.WriteLoggerFactory(stream or sys.stderr),
        cache_logger_on_first_use=False,
    )
