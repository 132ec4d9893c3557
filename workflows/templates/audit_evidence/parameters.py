"""What an installation is given, and what is wrong with it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from hub.api.errors import FieldProblem
from workflows.reconcile.contract import Parameters


class AuditEvidence(Parameters):
    parameters = json.loads((Path(__file__).parent / "parameters.json").read_text())

    def check(self, parameters: dict[str, Any], connectors: Mapping[str, str]) -> Iterator[FieldProblem]:
        for place, addresses in (
            ("tell", parameters["tell"]),
            ("packs/to", (parameters.get("packs") or {}).get("to")),
        ):
            for number, address in enumerate(addresses or ()):
                if "@" not in address or any(character.isspace() for character in address.strip()):
                    detail = f'"{address[:100]}" is no e-mail address.'
                    yield {"pointer": f"/parameters/{place}/{number}", "code": "address", "detail": detail}


PARAMETERS = AuditEvidence()
