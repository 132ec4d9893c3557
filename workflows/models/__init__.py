"""The rows of workflows and runs."""

from workflows.models.runs import Attempt, AttemptState, Event, Run, RunStep
from workflows.models.workflows import Version, Workflow

__all__ = ["Attempt", "AttemptState", "Event", "Run", "RunStep", "Version", "Workflow"]
