"""What an installation of the distribution lists is given."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from hub.api.errors import FieldProblem
from workflows.graph.notices import DIGEST, QUIET
from workflows.planning.quiet import QuietError, due
from workflows.reconcile.contract import Parameters, misfits

_SHAPES = {"digest": DIGEST, "quiet": QUIET}


class DistributionLists(Parameters):
    parameters = json.loads((Path(__file__).parent / "parameters.json").read_text())

    def check(self, parameters: dict[str, Any], connectors: Mapping[str, str]) -> Iterator[FieldProblem]:
        yield from _of_times(parameters)
        for number, each in enumerate(parameters["lists"]):
            yield from _of_addresses(each.get("to", []), f"lists/{number}/to")
        yield from _of_addresses(parameters["fallback"], "fallback")
        late = any("late" in each.get("on", []) for each in parameters["lists"])
        if late != bool(parameters.get("late_after_minutes")):
            detail = "Say both after how many minutes a job is late, and which list is told of late ones."
            yield {"pointer": "/parameters/late_after_minutes", "code": "late", "detail": detail}
        if bool(parameters.get("many_jobs")) != bool(parameters.get("many_jobs_to")):
            detail = "Say both from how many jobs on, and which groups are told."
            yield {"pointer": "/parameters/many_jobs_to", "code": "volume", "detail": detail}


PARAMETERS = DistributionLists()


def _of_times(parameters: dict[str, Any]) -> Iterator[FieldProblem]:
    given = {name: parameters[name] for name in ("digest", "quiet") if parameters.get(name)}
    wrong = [
        each for name, held in given.items() for each in misfits({"digest": DIGEST, "quiet": QUIET}[name], held, name)
    ]
    yield from wrong
    if not wrong:
        try:
            due(datetime.now(UTC), **given)
        except QuietError as error:
            yield {"pointer": f"/parameters/{error.field}", "code": "time", "detail": error.message}


def _of_addresses(addresses: list[str], place: str) -> Iterator[FieldProblem]:
    for number, address in enumerate(addresses):
        if "@" not in address or any(character.isspace() for character in address):
            detail = f'"{address}" is no e-mail address.'
            yield {"pointer": f"/parameters/{place}/{number}", "code": "address", "detail": detail}
