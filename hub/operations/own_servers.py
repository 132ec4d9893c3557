"""Servers of the user's own, which `manage.py up` uses instead of starting some: do they answer?"""

from __future__ import annotations

from urllib.parse import urlsplit

PATIENCE_SECONDS = 5


def where(url: str) -> str:
    """Host and port of an address, without user and password; the path of a socket."""
    parts = urlsplit(url)
    if not parts.hostname:
        return parts.path
    return f"{parts.hostname}:{parts.port}" if parts.port else parts.hostname


def trouble_with_database(url: str) -> str:
    """Why PostgreSQL cannot be used, in a sentence; empty when it can."""
    import psycopg

    try:
        psycopg.connect(url, connect_timeout=PATIENCE_SECONDS).close()
    except psycopg.Error as trouble:
        first = (str(trouble).strip().splitlines() or [type(trouble).__name__])[0]
        reason = first.rpartition("failed: ")[2].strip().rstrip(".")
        return (
            f"PostgreSQL at {where(url)} cannot be used: {reason}. Start that server or mend DATABASE_URL; without "
            "DATABASE_URL the hub starts a PostgreSQL of its own."
        )
    return ""


def trouble_with_broker(url: str) -> str:
    """Why Redis or Valkey cannot be used, in a sentence; empty when it can."""
    import redis

    from hub.settings_sources import cache_url

    try:
        client = redis.Redis.from_url(
            cache_url(url), socket_connect_timeout=PATIENCE_SECONDS, socket_timeout=PATIENCE_SECONDS, retry=None
        )
        client.ping()
        client.close()
    except (redis.RedisError, ValueError) as trouble:
        reason = str(trouble).strip().rstrip(".") or type(trouble).__name__
        return (
            f"Redis at {where(url)} cannot be used: {reason}. Work is found all the same, but within seconds instead "
            "of at once. Start that server or mend REDIS_URL; without REDIS_URL the hub starts a Valkey of its own."
        )
    return ""
