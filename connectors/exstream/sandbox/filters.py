"""Both ways to filter: dotted parameters (SDK, SPEC) and the one packed value (SPEC)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from hub.sdk.sandbox import Exchange


def asked(exchange: Exchange, setting: str) -> dict[str, list[str]]:
    """The filter of a request in the style that the setting names; the other style is not understood."""
    return dotted(exchange) if exchange.app.setting(setting) == "dotted" else packed(exchange.query.get("filter", ""))


def dotted(exchange: Exchange) -> dict[str, list[str]]:
    made: dict[str, list[str]] = {}
    for name, value in exchange.request.args.items(multi=True):
        if name.startswith("filter."):
            made.setdefault(name.removeprefix("filter."), []).extend(part for part in value.split(",") if part)
    return made


def packed(text: str) -> dict[str, list[str]]:
    made: dict[str, list[str]] = {}
    for term in text.split(";"):
        name, colon, values = term.partition(":")
        if colon:
            made[name] = [_plain(value) for value in values.split(",") if value]
    return made


def has(document: Mapping[str, Any], wanted: Mapping[str, list[str]], *, names: Mapping[str, str]) -> bool:
    """Whether the fields have one of the wanted values; `names` says which filter compares which field."""
    for filter_name, field in names.items():
        values = wanted.get(filter_name)
        if values and _text(document.get(field)) not in values:
            return False
    return True


def within(document: Mapping[str, Any], wanted: Mapping[str, list[str]], field: str) -> bool:
    """Whether a date lies in `<field>Start`..`<field>End`, both days included (day precision, SPEC)."""
    at = document.get(field)
    start, end = wanted.get(f"{field}Start"), wanted.get(f"{field}End")
    if not (start or end):
        return True
    if at is None:
        return False
    when = datetime.fromtimestamp(at / 1000, UTC)
    if start and when < _day(start[0]):
        return False
    return not (end and when >= _day(end[0]) + timedelta(days=1))


def _day(text: str) -> datetime:
    return datetime.fromisoformat(text[:10]).replace(tzinfo=UTC)


def _plain(value: str) -> str:
    return value.replace("/colon/", ":").replace("/semi/", ";").replace("/bsol/", "\\")


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
