"""How the hub's processes write their logs: lines for people, or with LOCKGATE_LOG_JSON one JSON object a line.

Every line says at which run and step it was written, where there is one, and passes the masks: a secret that this
process has seen is not written, also not as part of an exception's message.
"""

from __future__ import annotations

import logging
import logging.config
import sys
import threading
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from typing import Any

import orjson
import structlog
from structlog.typing import EventDict, WrappedLogger

from hub.watch import masks

At = Callable[[], Mapping[str, str]]
at: ContextVar[At | None] = ContextVar("at", default=None)
"""Asked for the ids of what is being worked on, when something is logged."""
_UNMASKED = frozenset({"timestamp", "level", "logger"})


def configure(options: Mapping[str, Any]) -> None:
    """What Django calls with `settings.LOGGING`."""
    masks.hide(list(options.get("secrets", [])))
    structlog.configure(
        processors=[*_first(), structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {"hub": {"()": formatter, "json": bool(options.get("json"))}},
            "handlers": {"hub": {"class": "logging.StreamHandler", "formatter": "hub"}},
            "root": {"handlers": ["hub"], "level": "WARNING"},
            "loggers": {
                **{name: {"level": options.get("level", "INFO")} for name in ("hub", "workflows", "connectors")},
                "django": {"handlers": [], "level": "WARNING", "propagate": True},
                "django.server": {"handlers": [], "level": "WARNING", "propagate": True},
            },
        }
    )
    if options.get("whole_process"):
        _log_the_rest()


def formatter(*, json: bool) -> logging.Formatter:
    """Makes a line of what anybody logs, ours or not."""
    last: list[Any] = [
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
        _mask,
        _as_json if json else structlog.dev.ConsoleRenderer(colors=False),
    ]
    return structlog.stdlib.ProcessorFormatter(processors=last, foreign_pre_chain=_first())


def _first() -> list[Any]:
    return [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _say_where,
    ]


def _say_where(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    if (where := at.get()) is not None:
        for name, value in where().items():
            event.setdefault(name, value)
    return event


def _mask(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    kept = {name: value for name, value in event.items() if name in _UNMASKED}
    made: EventDict = masks.clean({name: value for name, value in event.items() if name not in _UNMASKED})
    return {**kept, **made}


def _as_json(logger: WrappedLogger, method: str, event: EventDict) -> str:
    return orjson.dumps(event, default=str, option=orjson.OPT_NON_STR_KEYS).decode()


def _log_the_rest() -> None:
    """What Python would write by itself: warnings, and exceptions that nobody catches."""
    log = structlog.get_logger("hub.process")
    logging.captureWarnings(True)

    def died(kind: type[BaseException], error: BaseException, trace: Any) -> None:
        if not issubclass(kind, KeyboardInterrupt | SystemExit):
            log.critical("process.died", exc_info=(kind, error, trace))

    def thread_died(given: threading.ExceptHookArgs) -> None:
        if given.exc_value is not None:
            died(given.exc_type, given.exc_value, given.exc_traceback)

    sys.excepthook = died
    threading.excepthook = thread_died
