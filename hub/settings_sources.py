"""Where settings come from: the environment first, the data folder of an embedded hub second."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlsplit


class SettingsError(Exception):
    """A setting cannot be used. The message names the variable and what it should look like."""


def names(variable: str, default: list[str]) -> list[str]:
    """A comma-separated list."""
    text = os.environ.get(variable)
    return [part.strip() for part in text.split(",") if part.strip()] if text is not None else default


def boolean(variable: str, *, default: bool) -> bool:
    text = os.environ.get(variable, "").strip().lower()
    if not text:
        return default
    if text in {"1", "true", "yes", "on"}:
        return True
    if text in {"0", "false", "no", "off"}:
        return False
    raise SettingsError(f'{variable} is "{text}". Use true or false.')


def number(variable: str, *, default: int) -> int:
    text = os.environ.get(variable, "").strip()
    if not text:
        return default
    if text.isascii() and text.isdigit():
        return int(text)
    raise SettingsError(f'{variable} is "{text}". Use a whole number.')


def secret_key(data: Path) -> str:
    """Signs sessions. Kept in the data folder when the environment does not give one."""
    if key := os.environ.get("LOCKGATE_SECRET_KEY"):
        return key
    kept = data / "secrets" / "secret-key"
    if kept.is_file():
        return kept.read_text().strip()
    # Commands that need no sessions (help, schema, checks) run before the first start made a key.
    return "no-key-made-yet-" + "0" * 40


_FOUND_DEAD = {
    "keepalives": 1,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
}
"""For libpq: a connection that a firewall or a dead machine dropped without a word is found within a minute. However
long a query takes, its connection is alive; over a socket of this machine none of this is looked at."""


def database(data: Path, *, role: str) -> dict[str, Any]:
    """Django's settings for the database: DATABASE_URL, or the embedded server's socket."""
    url = os.environ.get("DATABASE_URL", "")
    settings: dict[str, Any] = {
        "ENGINE": "django.db.backends.postgresql",
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"application_name": f"lockgate {role}", **_FOUND_DEAD},
    }
    if not url:
        return settings | {"NAME": "lockgate", "USER": "lockgate", "HOST": str(socket_folder(data)), "PORT": ""}
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"} or not parts.path.strip("/"):
        raise SettingsError("DATABASE_URL should look like postgresql://user:password@host:5432/database.")
    options = dict(parse_qsl(parts.query))
    host = options.pop("host", None) or unquote(parts.hostname or "")
    return settings | {
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or ""),
        "OPTIONS": settings["OPTIONS"] | options,
    }


def broker_url(data: Path) -> str:
    """REDIS_URL, or the embedded Valkey's socket."""
    return os.environ.get("REDIS_URL") or f"redis+socket://{quote(str(socket_folder(data) / 'valkey.sock'))}"


def cache_url(broker: str) -> str:
    """The broker's address as the cache's client spells it."""
    scheme, _, rest = broker.partition("://")
    if scheme != "redis+socket":
        return broker
    path, _, query = rest.partition("?")
    number = dict(parse_qsl(query)).get("virtual_host", "")
    return f"unix://{path}" + (f"?db={number}" if number else "")


def socket_folder(data: Path) -> Path:
    """Where the embedded servers' sockets are: the data folder, unless its path is too long for a socket."""
    kept = data / "run"
    if len(str(kept / ".s.PGSQL.5432.lock")) < 100:
        return kept
    import hashlib
    import tempfile

    short = hashlib.blake2b(str(data).encode(), digest_size=6).hexdigest()
    return Path(tempfile.gettempdir()) / f"lockgate-{os.getuid()}-{short}"
