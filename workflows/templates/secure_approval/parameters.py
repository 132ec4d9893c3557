"""What an installation of the secure approval is given."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from hub.api.errors import FieldProblem
from workflows.planning.calendars import DeadlineError, deadline
from workflows.reconcile.contract import Parameters


class SecureApproval(Parameters):
    parameters = json.loads((Path(__file__).parent / "parameters.json").read_text())

    def check(self, parameters: dict[str, Any], connectors: Mapping[str, str]) -> Iterator[FieldProblem]:
        if rule := parameters.get("deadline"):
            try:
                deadline(rule, datetime.now(UTC))
            except DeadlineError as wrong:
                place = f"/parameters/deadline/{wrong.field}".rstrip("/")
                yield {"pointer": place, "code": "deadline", "detail": wrong.message}
        if bool(parameters.get("escalate_after_hours")) != bool(parameters.get("escalate_to")):
            detail = "Say both after how many hours others are asked too, and which group."
            yield {"pointer": "/parameters/escalate_to", "code": "escalation", "detail": detail}


PARAMETERS = SecureApproval()
