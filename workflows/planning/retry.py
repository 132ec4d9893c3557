"""When a step that could not be done is tried again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class RetryPolicy:
    """How often and how far apart. `attempts` counts the first one too."""

    attempts: int = 5
    first_seconds: float = 2
    factor: float = 2
    longest_seconds: float = 300

    @classmethod
    def of(cls, settings: Mapping[str, Any] | None) -> RetryPolicy:
        """The policy of a step's `retry`; what it leaves out is as usual."""
        return cls(**(settings or {}))

    def pause_after(self, attempt: int, *, at_least: float | None = None) -> float | None:
        """Seconds until the next attempt after this one (counted from 1), or None when it was the last.

        `at_least` is what the service asked for; it is kept also where it is longer than `longest_seconds`.
        """
        if attempt >= self.attempts:
            return None
        pause = self.longest_seconds
        if self.factor == 1 or attempt - 1 < 64:
            pause = min(self.first_seconds * self.factor ** (attempt - 1), self.longest_seconds)
        return max(pause, at_least or 0)
