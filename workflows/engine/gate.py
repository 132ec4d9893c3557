"""The steps *plan* and *apply*: what a run would change is kept as a plan, and exactly that is applied later."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import structlog
from django.conf import settings
from django.db import DatabaseError, InterfaceError, transaction

from hub.accounts.access import Actor
from hub.api.errors import ProblemError
from hub.audit import record
from hub.sdk import ConnectorError, TryLater
from hub.watch import clock
from workflows.engine import halts, plan_questions, plans
from workflows.engine.calling import Later, error_of
from workflows.engine.claiming import LeaseLost
from workflows.engine.journal import Journal
from workflows.engine.starter import starter_of
from workflows.graph.graph import Step
from workflows.models import Attempt, AttemptState, ChangeState, Halt, Plan, PlanState, Run, RunStep
from workflows.reconcile import applier
from workflows.reconcile.contract import problems_of
from workflows.templates.gallery import UnknownReconcile, reconcile_called

log = structlog.get_logger(__name__)

KINDS = ("plan", "apply")
MOST_NAMED = 10
LOOKED_AGAIN_SECONDS = 10
_COUNTED = (ChangeState.APPLIED, ChangeState.ALREADY, ChangeState.PARKED, ChangeState.HELD,
            ChangeState.LEFT_OUT)  # fmt: skip
_ENDED = {PlanState.REJECTED: "was rejected", PlanState.SUPERSEDED: "gave way to a newer one"}


@dataclass(frozen=True)
class Gate:
    """One attempt of one step."""

    journal: Journal
    run: Run
    step: Step
    row: RunStep
    attempt: Attempt

    def carry_out(self, values: dict[str, Any]) -> Later | None:
        """Do it and note what came of it; a Later is the caller's to note."""
        work = self._plan if self.step.kind == "plan" else self._apply
        try:
            work(values)
        except TryLater as trouble:
            return Later(error_of(trouble), trouble.after_seconds)
        except ConnectorError as trouble:
            self._fail(error_of(trouble))
        except ProblemError as problem:
            self._fail({"code": problem.code, "message": problem.detail})
        except (LeaseLost, DatabaseError, InterfaceError):
            raise
        except Exception as trouble:
            log.exception("step.failed", kind=self.step.kind)
            message = (
                f'Step "{self.step.title}" met a mistake of ours ({type(trouble).__name__}). It has been logged.'
            )
            self._fail({"code": "step-failed", "message": message})
        return None

    def _fail(self, error: dict[str, Any]) -> None:
        self.journal.fail(self.row, self.attempt, error)

    # Making a plan

    def _plan(self, values: dict[str, Any]) -> None:
        actor = Actor.system(self.run.workspace)
        parameters = values.get("parameters", {})
        try:
            reconcile = reconcile_called(str(values.get("reconcile")))
        except UnknownReconcile as unknown:
            self._fail({"code": "unknown-reconcile", "message": str(unknown), "field": "settings/reconcile"})
            return
        if wrong := problems_of(reconcile, actor, parameters):
            error = {"code": "parameters", "message": wrong[0]["detail"], "field": f"settings{wrong[0]['pointer']}"}
            self._fail(error | {"detail": wrong})
            return
        workflow = self.run.workflow
        subject = plans.subject_of(workflow.slug, self.step.id)
        title, past = f"{reconcile.title}: {workflow.slug}", plans.past_of(self.run.workspace, subject)
        question = plan_questions.prepare(self.run, values["ask"]) if values.get("ask") else None
        people = _ids(values.get("people")) if plans.may_be_part(self.run.workspace, subject, past) else []
        drafting = reconcile.draft(actor, parameters, title=title, past=past, people=people)
        with drafting as draft, self.journal.together() as run:
            asks = question is not None and draft.state == PlanState.APPROVED
            proposed = replace(draft, state=PlanState.PROPOSED) if asks else draft
            made = plans.keep(
                proposed, workspace=run.workspace, subject=subject, step=self.row, made_by=starter_of(run)
            )
            if made.state == PlanState.REFUSED:
                self._fail(_refused(made))
            else:
                self.journal.succeed(self.row, self.attempt, shown(made), "ok" if made.counts else "empty")
            if question and made.state == PlanState.PROPOSED:
                plan_questions.ask(actor, question, made)
            record(actor, "plan.made", made, {"run": str(run.id), "counts": made.counts})

    # Applying it

    def _apply(self, values: dict[str, Any]) -> None:
        actor = Actor.system(self.run.workspace)
        plan = _looked_at(self.run, values.get("plan"))
        if plan is None:
            message = f'There is no plan "{values.get("plan")}" in this workspace. Map the output of a plan step.'
            return self._fail({"code": "no-plan", "message": message, "field": "settings/plan"})
        match plan.state:
            case PlanState.REFUSED:
                return self._fail(_refused(plan))
            case PlanState.PROPOSED:
                return self._wait(plan, f"Waits for approval of the plan {plan.title}.")
            case PlanState.REJECTED | PlanState.SUPERSEDED:
                output = shown(plan) | {"message": f"The plan {_ENDED[PlanState(plan.state)]}: nothing is applied."}
                return self.journal.succeed(self.row, self.attempt, output, "rejected")
        if (halt := _halted(plan)) is not None:
            return self._wait(plan, halt.sentence, seconds=LOOKED_AGAIN_SECONDS)
        again = plan.state == PlanState.APPLIED and self._failed_on_parked()
        if plan.state != PlanState.APPLIED or again:
            try:
                fence = plans.begin(plan, parked_too=again)
            except plans.Busy:
                return self._wait(plan, "Waits until another plan of this workflow has been applied.", seconds=30)
            except applier.Altered:
                message = "The plan's rows are not those that it was made of. It is not applied."
                return self._fail({"code": "plan-altered", "message": message})
            if fence is None and not again:
                return self._wait(plan, "Waits: somebody else is applying this plan just now.", seconds=30)
            if fence is not None and not self._carry_on(actor, plan, fence):
                return None
        return self._end(plan)

    def _carry_on(self, actor: Actor, plan: Plan, fence: int) -> bool:
        """Apply. False when it was broken off and that is noted."""
        record(actor, "plan.applying", plan, {"run": str(self.run.id)})
        try:
            applier.apply(plan.id, fence, wanted=lambda: self._is_wanted(plan))
        except applier.Interrupted as broken:
            raise broken.trouble from None
        except (applier.Stopped, applier.NotYours):
            # Cancelled, or in other hands: looked at again at once.
            self.journal.wait(self.row, self.attempt, shown(plan), clock.now())
            return False
        record(actor, "plan.applied", plan, {"run": str(self.run.id)})
        return True

    def _is_wanted(self, plan: Plan) -> bool:
        stopped = _halted(plan) or halts.Halts(self.run).of_step(self.step)
        return stopped is None and self.journal.is_wanted()

    def _failed_on_parked(self) -> bool:
        failed = self.row.attempts.filter(state=AttemptState.FAILED, error__code="changes-parked")
        return failed.exists()

    def _wait(self, plan: Plan, message: str, *, seconds: float | None = None) -> None:
        due = clock.now() + timedelta(seconds=seconds) if seconds is not None else None
        self.journal.wait(self.row, self.attempt, shown(plan) | {"message": message}, due)

    def _end(self, plan: Plan) -> None:
        plan.refresh_from_db()
        counted = {str(state): plan.changes.filter(state=state).count() for state in _COUNTED}
        if counted[ChangeState.PARKED]:
            return self._fail(_parked(plan, counted))
        return self.journal.succeed(self.row, self.attempt, shown(plan) | counted)


def _halted(plan: Plan) -> Halt | None:
    return halts.of_connections(plan.workspace_id, plan.changes.values_list("connection_id", flat=True).distinct())


def _ids(given: Any) -> list[str]:
    """Whom a plan is about; none: everybody. What is no list of texts is not taken for a part of everybody."""
    if not isinstance(given, list) or not all(isinstance(each, str) for each in given):
        return []
    return list(dict.fromkeys(given))


def shown(plan: Plan) -> dict[str, Any]:
    """A plan as the steps' output has it."""
    return {
        "id": str(plan.id),
        "state": str(plan.state),
        "title": plan.title,
        "counts": plan.counts,
        "changes": sum(plan.counts.values()),
        "url": f"{settings.PUBLIC_URL}/plans/{plan.id}",
    }


def is_decided(row: RunStep) -> bool:
    """Whether the plan that a waiting step names needs no decision any more."""
    named = str((row.input or {}).get("plan", ""))
    return not Plan.objects.filter(id=named, state=PlanState.PROPOSED).exists()


def _looked_at(run: Run, named: Any) -> Plan | None:
    """The plan as it is once nobody is just deciding about it: whoever decides later finds that we wait."""
    try:
        plan_id = uuid.UUID(str(named))
    except ValueError:
        return None
    with transaction.atomic():
        return Plan.objects.select_for_update().filter(id=plan_id, workspace=run.workspace_id).first()


def _refused(plan: Plan) -> dict[str, Any]:
    said = " ".join(guard["message"] for guard in plan.guards if not guard["passed"])
    return {"code": "plan-refused", "message": said, "plan": shown(plan)}


def _parked(plan: Plan, counted: dict[str, int]) -> dict[str, Any]:
    parked = plan.changes.filter(state=ChangeState.PARKED)
    named = "; ".join(f"{each.operation} {each.title}: {each.message}" for each in parked[:MOST_NAMED])
    count = counted[ChangeState.PARKED]
    more = f" And {count - MOST_NAMED} more." if count > MOST_NAMED else ""
    message = f"{count} of {sum(counted.values())} changes could not be made. {named}{more}"
    return {"code": "changes-parked", "message": message, "plan": shown(plan) | counted}
