"""The step *record*: reads a stream, and keeps as evidence what is new in it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone
from jsonschema import Draft202012Validator
from pydantic import ValidationError

from hub.accounts.models import Workspace
from hub.audit.evidence.collecting import Collected, Collection, collect, collected_until
from hub.connections import open_connection
from hub.connections.models import Connection
from hub.registry import UnknownEntry, catalog
from hub.sdk import ConnectorError, Misconfigured, Reading, TryLater, UnexpectedReply
from workflows.engine.calling import Later, error_of
from workflows.engine.journal import Journal
from workflows.graph.problem import complaint
from workflows.graph.records import SCHEMA
from workflows.models import Attempt, Run, RunStep


def carry_out(journal: Journal, run: Run, row: RunStep, attempt: Attempt, values: dict[str, Any]) -> Later | None:
    """What was kept stays kept, however the step ends: whoever repeats it adds nothing twice."""
    try:
        made = record_stream(run.workspace, f"{run.workflow.slug}/{row.step}", values)
    except (TryLater, UnexpectedReply) as trouble:
        # Part of a list is missing: it may come whole when it is asked for again.
        return Later(error_of(trouble), getattr(trouble, "after_seconds", None))
    except ConnectorError as trouble:
        journal.fail(row, attempt, error_of(trouble))
    else:
        journal.succeed(row, attempt, shown(made))
    return None


def record_stream(workspace: Workspace, name: str, values: dict[str, Any]) -> Collected:
    """Raises the classes of connector errors."""
    for error in Draft202012Validator(SCHEMA).iter_errors(values):
        path = "/".join(map(str, error.absolute_path))
        raise Misconfigured(f"{path or 'The step'} {complaint(error)}.", field=path)
    held = Connection.objects.filter(workspace=workspace, slug=values["connection"]).first()
    if held is None or held.connector != values["stream"].partition(".")[0]:
        said = f'There is no connection "{values["connection"]}" for {values["stream"]} in this workspace.'
        raise Misconfigured(said, field="connection")
    wanted = collection(name, values)
    began = timezone.now()
    with open_connection(held) as opened:
        reading = _reading(workspace, wanted, values, opened.client)
        try:
            return collect(workspace, wanted, reading.records, reading.proof, began=began)
        except ValueError as wrong:
            raise Misconfigured(str(wrong), field="wipes") from None


def collection(name: str, values: dict[str, Any]) -> Collection:
    return Collection(
        name=name, source=values["connection"], stream=values["stream"], scope=values.get("input", {}),
        kind=values["kind"], is_state=values.get("state", False), of_people=values.get("people", False),
        fields=values.get("fields", {}), classes=values.get("classes", {}),
        leave_out=frozenset(values.get("leave_out", ())), kept_hours=values.get("kept_hours"),
        wipes=values.get("wipes"), late_after_hours=values.get("late_after_hours"), tell=values.get("tell", {}),
    )  # fmt: skip


def shown(made: Collected) -> dict[str, Any]:
    return {
        "read": made.read,
        "added": made.added,
        "gone": made.gone,
        "since": made.since.isoformat() if made.since else None,
        "until": made.until.isoformat(),
        "gap": made.gap.as_json() if made.gap else None,
    }


def _reading(workspace: Workspace, wanted: Collection, values: dict[str, Any], client: Any) -> Reading:
    try:
        stream = catalog().stream(wanted.stream).implementation
    except UnknownEntry as unknown:
        raise Misconfigured(str(unknown), field="stream") from None
    since, asked = collected_until(workspace, wanted), dict(wanted.scope)
    if values.get("since") and since is not None:
        # Services filter by day, and something may have been written late.
        asked[values["since"]] = (since - timedelta(days=1)).date().isoformat()
    try:
        return stream.read(stream.Input.model_validate(asked), client)
    except ValidationError as wrong:
        first = wrong.errors()[0]
        place = "/".join(map(str, ["input", *first["loc"]]))
        raise Misconfigured(f"{place}: {first['msg']}.", field=place) from None
