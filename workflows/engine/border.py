"""The border of a delegate's reach, looked at before every call of a run that a delegate asked for.

The hub's credential may do everything in Exstream; what is not plainly within the reach is not done. A refusal never
says what is beyond the border, nor whether anything is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hub.accounts.access import Actor
from hub.accounts.models import Membership, Person
from hub.accounts.roles import Role
from hub.audit import Ref, record
from hub.sdk import ConnectorError, Effect, Rejected, TryLater
from workflows.engine import calls, reach
from workflows.engine.calling import Prepared
from workflows.models import Approval, Run
from workflows.planning.approvals import ApprovalState
from workflows.planning.reach import ACROSS

STAGES_NEEDED = 2
SECONDS = 20.0
KIND = "delegate"
"""The kind of cause of a run that a delegate asked for."""
_CARRIED_OUT = frozenset({"action", "approve", "each", "wait", "workflow"})
"""Besides those that only compute. Others may read or write anywhere."""


class OutOfReach(ConnectorError):
    """It is not within the reach of whoever asked for it."""

    code = "out-of-reach"


@dataclass(frozen=True)
class Border:
    """Of one run. Without a person, because there is no such person any more, nothing is within."""

    run: Run
    person: Person | None

    @classmethod
    def of(cls, run: Run) -> Border | None:
        """None for a run that no delegate asked for, also not by way of runs that led to it."""
        first = _first(run)
        named = first.cause.get("person")
        person = Person.objects.filter(id=named).first() if named else None
        if first.cause.get("kind") == KIND:
            return cls(run, person)
        if person is None:
            return None
        roles = Membership.objects.filter(person=person, workspace=run.workspace_id).values_list("roles", flat=True)
        is_delegate = any(Role.DELEGATE in held and Role.ADMIN not in held for held in roles)
        return cls(run, person) if is_delegate else None

    def check_kind(self, kind: str) -> None:
        """Raises OutOfReach for a kind of step that no delegate's run carries out: it may write anywhere."""
        if kind not in _CARRIED_OUT:
            raise self._refusal(f"A step of the kind {kind}")

    def check_call(self, prepared: Prepared) -> None:
        """Ask the directory and the service anew whether this call stays within the reach.

        Raises OutOfReach, or the five classes of connector errors.
        """
        what = prepared.entry.name
        held = reach.ask(self.run.workspace, self.person) if self.person else None
        if held is None or not held.domains:
            raise self._refusal(what)
        action, client = prepared.entry.implementation, prepared.opened.client
        try:
            touched = calls.within(SECONDS, lambda: action.touches(prepared.input, client))
        except calls.OutOfTime:
            raise TryLater("The service did not say in time what this call would touch.", sent=False) from None
        except Rejected as refusal:
            if not refusal.missing:
                raise
            touched = None
        parts = {reach.part_of(prepared.connection, each) for each in touched or ()}
        granted = {reach.part_of(prepared.connection, each) for each in self._granted()}
        across = parts - set(held.names)
        if touched is None or not across <= granted:
            raise self._refusal(what)
        if prepared.entry.effect is not Effect.NONE:
            detail = {"action": what, "domains": sorted(parts), "across": sorted(across)}
            record(self._actor, "delegation.acted", self._ref, detail)

    def _granted(self) -> set[str]:
        """What people have approved for this run in two stages or more, each filled by somebody else."""
        rows = Approval.objects.filter(step__run=self.run, state=ApprovalState.APPROVED, allow_same_person=False)
        lines: list[dict[str, Any]] = [
            line for each in rows if len(each.stages) >= STAGES_NEEDED and each.requester_id for line in each.shown
        ]
        named = [line["value"] for line in lines if line["label"] == ACROSS]
        return {str(part) for each in named for part in (each if isinstance(each, list) else [each])}

    def _refusal(self, what: str) -> OutOfReach:
        record(self._actor, "delegation.refused", self._ref, {"action": what})
        return OutOfReach(f"{what} is not within your reach, or there is no such thing there.")

    @property
    def _actor(self) -> Actor:
        return Actor(self.run.workspace, frozenset({Role.DELEGATE}), self.person)

    @property
    def _ref(self) -> Ref:
        return Ref("run", str(self.run.id), str(self.run.workflow))


def _first(run: Run) -> Run:
    """The run that led to this one: by starting it, by being replayed, by failing."""
    while True:
        if run.parent is not None:
            before: Run | None = run.parent.run
        elif run.replay_of is not None:
            before = run.replay_of
        else:
            failed = run.cause.get("run") if run.cause.get("kind") == "failure" else None
            before = Run.objects.filter(id=failed).first() if failed else None
        if before is None:
            return run
        run = before
