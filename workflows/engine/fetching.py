"""The step *read*: reads a stream whole, page by page, and gives its records as a list."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from hub.connections import open_connection
from hub.connections.models import Connection
from hub.registry import UnknownEntry, catalog
from hub.sdk import ConnectorError, Misconfigured, TryLater, UnexpectedReply, patience
from workflows.engine.calling import Later, error_of, marked
from workflows.engine.contents import Writer
from workflows.engine.journal import Journal
from workflows.models import Attempt, Run, RunStep


def carry_out(journal: Journal, run: Run, row: RunStep, attempt: Attempt, values: dict[str, Any]) -> Later | None:
    """A stream that was not read to its end gives nothing: part of a list is no list."""
    try:
        output = _read(journal, run, row, values)
    except (TryLater, UnexpectedReply) as trouble:
        return Later(error_of(trouble), getattr(trouble, "after_seconds", None))
    except ConnectorError as trouble:
        journal.fail(row, attempt, error_of(trouble))
    else:
        journal.succeed(row, attempt, output)
    return None


def _read(journal: Journal, run: Run, row: RunStep, values: dict[str, Any]) -> dict[str, Any]:
    """Raises the classes of connector errors."""
    held = Connection.objects.filter(workspace=run.workspace, slug=values["connection"]).first()
    if held is None or held.connector != values["stream"].partition(".")[0]:
        said = f'There is no connection "{values["connection"]}" for {values["stream"]} in this workspace.'
        raise Misconfigured(said, field="settings/connection")
    try:
        entry = catalog().stream(values["stream"])
        asked = entry.implementation.Input.model_validate(values.get("input", {}))
    except UnknownEntry as unknown:
        raise Misconfigured(str(unknown), field="settings/stream") from None
    except ValidationError as wrong:
        first = wrong.errors(include_url=False, include_input=False, include_context=False)[0]
        place = "/".join(map(str, ["settings/input", *first["loc"]]))
        raise Misconfigured(f"{place}: {first['msg']}.", field=place) from None
    schema, veil = entry.implementation.Output.model_json_schema(), journal.keeper.veil
    is_classed = "x-secret" in str(schema) or "x-personal" in str(schema)
    writer = Writer(
        run.workspace_id, veil=veil if is_classed or not veil.is_idle else None, of=row.step,
        marks=(lambda items: list(marked(items, {"items": schema}, schema))) if is_classed else None,
    )  # fmt: skip
    with open_connection(held) as opened:
        reading = entry.implementation.read(asked, opened.client)
        for record in reading.records:
            patience.check()
            writer.add(record.body)
    if not reading.proof.complete:
        why = "; ".join(reading.proof.problems) or "it did not say why"
        raise UnexpectedReply(f"{values['stream']} was not read to its end: {why}.")
    large = writer.finish()
    return {"records": large, "count": large.count, "checks": reading.proof.checks}
