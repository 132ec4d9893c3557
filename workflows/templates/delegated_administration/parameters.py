"""What an installation of delegated administration is given."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from hub.api.errors import FieldProblem
from workflows.planning.calendars import DeadlineError, deadline
from workflows.reconcile.contract import Parameters


class DelegatedAdministration(Parameters):
    parameters = json.loads((Path(__file__).parent / "parameters.json").read_text())

    def check(self, parameters: dict[str, Any], connectors: Mapping[str, str]) -> Iterator[FieldProblem]:
        if rule := parameters.get("deadline"):
            try:
                deadline(rule, datetime.now(UTC))
            except DeadlineError as wrong:
                place = f"/parameters/deadline/{wrong.field}".rstrip("/")
                yield {"pointer": place, "code": "deadline", "detail": wrong.message}


PARAMETERS = DelegatedAdministration()
