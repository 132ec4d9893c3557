"""Lines of `manage.py doctor` about work: is it done, does anything hang, are event sources read."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Count, F, Min, Q, Sum

from hub.operations.doctor import Finding
from hub.operations.heartbeats import pools_served
from hub.operations.pools import DEFAULT
from hub.watch import clock
from workflows.models import KeepRule, Plan, PlanState, Run, RunHold, RunStep, Trigger, Workflow, WorkflowSize
from workflows.planning.keeping import MONTH_DAYS
from workflows.planning.states import RunState, StepState

PATIENCE = timedelta(minutes=2)
POOL_PATIENCE = timedelta(seconds=15)
MOST_NAMED = 3
LARGE_BYTES = 5_000_000_000
"""From here on it is said that nothing removes runs."""


def check_work(name: str) -> Finding:
    """Whether what is due is taken on, also what a dead worker left behind."""
    late = clock.now() - PATIENCE
    due = Run.objects.filter(state__in=[RunState.QUEUED, RunState.WAITING], due_at__lt=late)
    found = due.aggregate(oldest=Min("due_at"))
    count, left = due.count(), Run.objects.filter(state=RunState.RUNNING, lease_until__lt=late).count()
    said = []
    if count:
        said.append(f"{count} runs have waited for a worker since {found['oldest']:%Y-%m-%d %H:%M} UTC.")
    if left:
        said.append(f"{left} runs were left behind by a worker that died, and nobody carries them on.")
    if said:
        return Finding(
            name, " ".join(said), "See that workers and the scheduler run, and are enough: manage.py up --workers 2"
        )
    people = RunStep.objects.filter(state=StepState.IN_DOUBT, run__state=RunState.WAITING).count()
    return Finding(
        name, f"nothing is late; {people} steps in doubt wait for a person" if people else "nothing is late"
    )


def check_pools(name: str) -> Finding:
    """Whether somebody works in every pool that is asked for."""
    served = pools_served()
    due = Run.objects.filter(state__in=[RunState.QUEUED, RunState.WAITING], due_at__lt=clock.now() - POOL_PATIENCE)
    waiting = dict(due.exclude(pool__in=served).order_by().values_list("pool").annotate(Count("id")))
    named = set(Workflow.objects.filter(is_active=True).values_list("pool", flat=True).distinct())
    missing = sorted((named | set(waiting)) - served - ({DEFAULT} if not waiting.get(DEFAULT) else set()))
    if missing:
        said = "; ".join(f'"{pool}", for which {waiting.get(pool, 0)} runs wait' for pool in missing)
        mend = f"Start a worker with --pools {missing[0]}, or name another pool in the workflow and publish it."
        return Finding(name, f"No worker runs in the pool {said}.", mend)
    return Finding(name, ", ".join(sorted(served | {DEFAULT})))


def check_plans(name: str) -> Finding:
    """Whether a plan stands half applied with nobody at it."""
    late = clock.now() - PATIENCE
    idle = Q(lease_until=None, step=None) | Q(lease_until__lt=late)
    broken = list(Plan.objects.filter(idle, state=PlanState.APPLYING).select_related("workspace")[: MOST_NAMED + 1])
    if not broken:
        return Finding(name, "none is half applied")
    named = "; ".join(f'"{each}" in "{each.workspace}" ({each.id})' for each in broken[:MOST_NAMED])
    more = " There are more." if len(broken) > MOST_NAMED else ""
    return Finding(
        name,
        f"Applying was broken off: {named}.{more}",
        "Go on with it: python3 manage.py template apply PLAN. What was written already is not written again.",
    )


def check_retention(name: str) -> Finding:
    """How large runs are, where that goes, and whether anything lets them go."""
    sizes = WorkflowSize.objects.aggregate(bytes=Sum("bytes"), a_day=Sum(F("runs_a_day") * F("bytes_full")))
    held, a_month = int(sizes["bytes"] or 0), int((sizes["a_day"] or 0) * MONTH_DAYS)
    said = f"runs take {_large(held)}, at this rate {_large(a_month)} a month more"
    if not KeepRule.objects.filter(days__isnull=False).exists() and held > LARGE_BYTES:
        mend = "Say for how long runs are kept: Administration, Retention, or PUT /api/v1/retention."
        return Finding(name, f"Nothing is ever removed: {said}.", mend)
    holds = RunHold.objects.filter(lifted_at=None).count()
    return Finding(name, said + (f"; {holds} legal holds" if holds else ""))


def _large(count: int) -> str:
    return f"{count / 1e9:.1f} GB" if count >= 1e9 else f"{count / 1e6:.0f} MB"


def check_sources(name: str) -> Finding:
    """Whether event sources can be read."""
    live = Trigger.objects.filter(kind="event", is_live=True, workflow__is_active=True)
    failing = list(live.filter(failures__gt=0).select_related("workflow")[: MOST_NAMED + 1])
    if not failing:
        return Finding(name, f"{live.count()} are read, none fails")
    named = " ".join(
        f"{each}: {(each.error or {}).get('message', 'no reason is known.')}" for each in failing[:MOST_NAMED]
    )
    more = " There are more." if len(failing) > MOST_NAMED else ""
    return Finding(
        name,
        f"{named}{more}",
        "Test the connection that it reads, and mend what is said. It is asked again by itself, and misses nothing.",
    )
