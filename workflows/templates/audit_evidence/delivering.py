"""Packs by themselves: of the last whole day, week or month, once for each, announced by mail."""

from __future__ import annotations

import json
from typing import Any

_DAY = "86400000"
_TODAY = '$toMillis($fromMillis($millis(), "[Y0001]-[M01]-[D01]") & "T00:00:00.000Z")'
_MONTH = '$toMillis($fromMillis({at}, "[Y0001]-[M01]") & "-01T00:00:00.000Z")'


def part(parameters: dict[str, Any]) -> dict[str, Any]:
    wanted = parameters.get("packs")
    if not wanted:
        return {"steps": [], "edges": []}
    packing: dict[str, Any] = {
        "once": True,
        "title": "Evidence from {{ $substring(steps.period.since, 0, 10) }} to before "
        "{{ $substring(steps.period.until, 0, 10) }}",
        "chosen": {"since": "=steps.period.since", "until": "=steps.period.until"},
    }
    if wanted.get("show"):
        packing["show"] = wanted["show"]
    topic = f"evidence-pack/{wanted['every']}/{parameters['exstream']}/"
    steps = [
        {
            "id": "period", "kind": "transform", "title": "The last whole period",
            "settings": {"value": _period(wanted["every"])},
        },
    ]  # fmt: skip
    text = (
        "{{ steps.pack.records }} records of evidence are packed, and {{ $count(steps.pack.gaps) }} gaps.\n"
        "\nFetch the pack, signed in as an auditor: {{ steps.pack.url }}\n"
        "\nKeep this mail. With it anybody can check later that the pack is the one that was made, and that the chain"
        " was not written anew:\n\npack {{ steps.pack.digest }}\nhead {{ steps.pack.head }}\n"
        "\nUnpack it and run: python3 verify.py --pack {{ steps.pack.digest }} --head {{ steps.pack.head }}\n"
    )
    steps += [
        {"id": "pack", "kind": "pack", "title": "Write the pack", "settings": packing},
        {
            "id": "send", "kind": "notify", "title": "Say where it is",
            "settings": {
                "topic": f"={json.dumps(topic)} & steps.period.since",
                "kind": "evidence",
                "subject": "{{ steps.pack.title }}",
                "text": text,
                "mail": parameters["mail"],
                "to": wanted["to"],
                "must_reach": True,
                "fallback": parameters["tell"],
                "web": parameters.get("web", []),
            },
        },
    ]  # fmt: skip
    edges = [
        {"from": "gaps", "to": "period"},
        {"from": "period", "to": "pack"},
        {"from": "pack", "to": "send"},
    ]
    return {"steps": steps, "edges": edges}


def _period(every: str) -> str:
    """From its first moment to the first one after it, in UTC."""
    until = {
        "day": _TODAY,
        # Weeks begin on Monday: 1970-01-05 was one.
        "week": f"{_TODAY} - (({_TODAY} - 345600000) % (7 * {_DAY}))",
        "month": _MONTH.format(at="$millis()"),
    }[every]
    since = {
        "day": f"$until - {_DAY}",
        "week": f"$until - 7 * {_DAY}",
        "month": _MONTH.format(at=f"($until - {_DAY})"),
    }[every]
    return f'=($until := {until}; {{"since": $fromMillis({since}), "until": $fromMillis($until)}})'
