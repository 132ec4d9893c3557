"""How long what is kept: the classes of data, which rule holds, and what a rule comes to. Plain Python."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

LONGEST_DAYS = 36_500
MONTH_DAYS = 30


class DataClass(StrEnum):
    """A kind of what is stored, with a time of its own."""

    RUNS = "runs"
    """Runs with the states of their steps: once their time is over nothing of a run is left."""
    DATA = "data"
    """What a run was started with, and the inputs and outputs of its steps."""
    BODIES = "bodies"
    """What a webhook's call brought."""
    LOGS = "logs"
    """The attempts of steps with their errors, and what people did to the run."""
    MESSAGES = "messages"
    """Messages that runs wait for, taken or not."""
    NOTICES = "notices"
    """What people were told, and how it was delivered."""


OF_RUNS = (DataClass.RUNS, DataClass.DATA, DataClass.BODIES, DataClass.LOGS)
"""Those that a workflow can have rules of its own for."""
OF_WORKSPACES = (DataClass.MESSAGES, DataClass.NOTICES)


def days_of(
    data: DataClass, of_workflow: Mapping[str, int | None], of_workspace: Mapping[str, int | None]
) -> int | None:
    """For how many days this is kept; None: for ever. The workflow's rule comes before the workspace's, also one
    that says "for ever"."""
    return of_workflow[data] if data in of_workflow else of_workspace.get(data)


def first_id_at(moment: datetime) -> uuid.UUID:
    """The least identifier that can have been made at that time: identifiers sort by time."""
    return uuid.UUID(int=int(moment.timestamp() * 1000) << 80)


@dataclass(frozen=True)
class Forecast:
    """Where the size of a workflow's runs goes."""

    a_month: int
    """What is added in 30 days at this rate, in bytes."""
    levels_off_at: int | None
    """Where it comes to rest, in bytes; None: it grows for ever."""


def forecast(
    runs_a_day: float, bytes_full: float, bytes_emptied: float, data_days: int | None, runs_days: int | None
) -> Forecast:
    """What a workflow comes to that goes on like this. A run takes so many bytes, and so many without its data."""
    a_month = round(runs_a_day * MONTH_DAYS * bytes_full)
    if runs_days is None:
        return Forecast(a_month, None if runs_a_day else 0)
    full_days = runs_days if data_days is None else min(data_days, runs_days)
    held = full_days * bytes_full + (runs_days - full_days) * bytes_emptied
    return Forecast(a_month, round(runs_a_day * held))
