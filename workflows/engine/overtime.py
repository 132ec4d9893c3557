"""How long a step may compute."""

from __future__ import annotations

import time
from typing import Any

from django.conf import settings

from workflows.engine.kinds import Evaluate

HERE_SECONDS = 0.1
"""Where all runs of a worker would wait for it. What takes longer begins anew where none does."""


class Overtime(Exception):
    """It took longer than it may."""


class Patience:
    """So long one step may compute, by the processor's time. Looked at with each expression, of which none takes
    long. Of one thread."""

    def __init__(self, seconds: float) -> None:
        self._until = time.thread_time() + seconds

    @classmethod
    def usual(cls, *, at_leisure: bool) -> Patience:
        return cls(settings.STEP_SECONDS if at_leisure else HERE_SECONDS)

    def of(self, evaluate: Evaluate) -> Evaluate:
        """The same, which raises Overtime."""

        def evaluated(source: Any, place: str, **more: Any) -> Any:
            if time.thread_time() > self._until:
                raise Overtime
            return evaluate(source, place, **more)

        return evaluated


def too_long(title: str) -> dict[str, Any]:
    """Why a step failed that computed for longer than it may."""
    message = (
        f'Step "{title}" computed for longer than {settings.STEP_SECONDS:g} s. Give it less at a time, or have an '
        "administrator raise LOCKGATE_STEP_SECONDS."
    )
    return {"code": "too-long", "message": message}
