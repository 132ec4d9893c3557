"""The cache that the processes share: Redis, and this process's own memory while Redis does not answer.

What is cached are counters and marks that may be lost. Nothing that must be right depends on them.
"""

from __future__ import annotations

import time
from collections.abc import Generator
from typing import Any

from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

_AWAY_SECONDS = 5.0
_QUIET_SECONDS = 30.0


class SharedCache(RedisCache):
    """Redis with a short patience. After a failure it is not asked again for some seconds."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        options = {
            "socket_connect_timeout": 1,
            "socket_timeout": 1,
            "retry": Retry(NoBackoff(), 1),
            **params.get("OPTIONS", {}),
        }
        super().__init__(server, {**params, "OPTIONS": options})
        self._own = LocMemCache("shared-cache-away", {k: v for k, v in params.items() if k != "OPTIONS"})
        self._away_until = 0.0

    def _ask(self, name: str, *args: Any, **kwargs: Any) -> Any:
        if time.monotonic() >= self._away_until:
            try:
                return getattr(super(), name)(*args, **kwargs)
            except RedisError:
                self._away_until = time.monotonic() + _AWAY_SECONDS
        return getattr(self._own, name)(*args, **kwargs)

    def add(self, *args: Any, **kwargs: Any) -> Any:
        return self._ask("add", *args, **kwargs)

    def get(self, *args: Any, **kwargs: Any) -> Any:
        return self._ask("get", *args, **kwargs)

    def set(self, *args: Any, **kwargs: Any) -> Any:
        return self._ask("set", *args, **kwargs)

    def touch(self, *args: Any, **kwargs: Any) -> Any:
        return self._ask("touch", *args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        return self._ask("delete", *args, **kwargs)

    def get_many(self, *args: Any, **kwargs: Any) -> Any:
        return self._ask("get_many", *args, **kwargs)

    def has_key(self, *args: Any, **kwargs: Any) -> Any:
        return self._ask("has_key", *args, **kwargs)

    def incr(self, *args: Any, **kwargs: Any) -> Any:
        return self._ask("incr", *args, **kwargs)

    def set_many(self, *args: Any, **kwargs: Any) -> Any:
        return self._ask("set_many", *args, **kwargs)

    def delete_many(self, *args: Any, **kwargs: Any) -> Any:
        return self._ask("delete_many", *args, **kwargs)

    def publish(self, channel: str, text: str) -> None:
        """Tell every process that listens just now, unless Redis does not answer."""
        if time.monotonic() < self._away_until:
            return
        try:
            self._cache.get_client(None, write=True).publish(channel, text)
        except RedisError:
            self._away_until = time.monotonic() + _AWAY_SECONDS

    def listen(self, channel: str) -> Generator[str, None, None]:
        """What is published from now on; "" when listening has begun, and whenever nothing was published for a while.
        Ends when Redis does not answer."""
        subscription: Any = self._cache.get_client(None, write=True).pubsub()  # type: ignore[no-untyped-call]
        try:
            subscription.subscribe(channel)
            while True:
                message = subscription.get_message(timeout=_QUIET_SECONDS)
                yield message["data"].decode() if message and message["type"] == "message" else ""
        except RedisError:
            return
        finally:
            subscription.close()

    def clear(self) -> None:
        """Only this process's own memory: the same Redis carries the workers' bells."""
        self._own.clear()
