"""A connector's manifest: who it is, as data."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from hub.sdk.schemas import FORM, limit_in_words

QUALITY = {
    "sandbox": "A sandbox answers like the service, and the tests run against it.",
    "who-am-i": "The connection test says who signed in, to which tenant, with which rights.",
    "errors": "Every failure becomes one of the five error classes.",
    "rate-limits": "A busy service is asked again no sooner than it says.",
    "pagination": "Lists are read to their last page, and the reading proves it.",
    "choices": "Form fields that name objects of the service offer a live list.",
}
_TEXT = {"type": "string", "pattern": r"\S", "maxLength": 300, FORM: "some text"}
SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "Connector manifest",
    "type": "object",
    "additionalProperties": False,
    "required": ["name", "category", "description", "sign-in", "talks-to", "owner", "version"],
    "properties": {
        "name": _TEXT | {"maxLength": 60},
        "category": {"type": "string", "pattern": r"^[a-z][a-z0-9 -]{1,40}$", FORM: "a word or two in small letters"},
        "description": _TEXT,
        "sign-in": {"type": "array", "items": _TEXT, "minItems": 1},
        "talks-to": {"type": "array", "items": _TEXT},
        "owner": _TEXT,
        "version": {
            "type": "string",
            "pattern": r"^\d+\.\d+(\.\d+)?([.+-][0-9A-Za-z.+-]+)?$",
            FORM: "a version such as 1.2.0",
        },
        "documentation": _TEXT,
        "requires": {"type": "array", "items": _TEXT},
        "quality": {
            "type": "object",
            "additionalProperties": {
                "oneOf": [
                    {"const": "done"},
                    {
                        "type": "object",
                        "additionalProperties": False,
                        "required": ["exempt"],
                        "properties": {"exempt": {"type": "string", "pattern": r"\S+(\s+\S+){2,}"}},
                    },
                ]
            },
        },
    },
}
NAME = re.compile(r"[a-z][a-z0-9_]{0,39}\Z")


@dataclass(frozen=True)
class Problem:
    """Something wrong with a connector. `broken` means that it is not offered; otherwise it works as it is."""

    connector: str
    file: str
    key: str
    message: str
    broken: bool = True

    def __str__(self) -> str:
        where = f"{self.file}, {self.key}" if self.key else self.file
        return f"{self.connector}: {where}: {self.message}"


@dataclass(frozen=True)
class Manifest:
    name: str
    category: str
    description: str
    sign_in: tuple[str, ...]
    talks_to: tuple[str, ...]
    owner: str
    version: str
    documentation: str = ""
    quality: dict[str, str] = field(default_factory=dict)
    """Each rule with "done" or the reason for an exemption."""


def read_manifest(folder: Path, connector: str) -> tuple[Manifest | None, list[Problem]]:
    """The manifest of a folder, or None with what is wrong. Rules that are not answered are reported only."""
    path = folder / "manifest.toml"
    try:
        content = tomllib.loads(path.read_text("utf-8"))
    except tomllib.TOMLDecodeError as trouble:
        return None, [Problem(connector, "manifest.toml", "", f"This is not TOML: {trouble}.")]
    except (OSError, UnicodeDecodeError) as trouble:
        return None, [Problem(connector, "manifest.toml", "", f"This cannot be read ({type(trouble).__name__}).")]
    wrong = sorted(Draft202012Validator(SCHEMA).iter_errors(content), key=lambda error: list(map(str, error.path)))
    if wrong:
        return None, [Problem(connector, "manifest.toml", _key(error), _sentence(error)) for error in wrong]
    quality = {
        rule: "done" if answer == "done" else answer["exempt"] for rule, answer in content.get("quality", {}).items()
    }
    manifest = Manifest(
        name=content["name"],
        category=content["category"],
        description=content["description"],
        sign_in=tuple(content["sign-in"]),
        talks_to=tuple(content["talks-to"]),
        owner=content["owner"],
        version=content["version"],
        documentation=content.get("documentation", ""),
        quality=quality,
    )
    return manifest, _quality_problems(folder, connector, quality)


def _quality_problems(folder: Path, connector: str, quality: dict[str, str]) -> list[Problem]:
    found = [
        Problem(
            connector, "manifest.toml", f"quality.{rule}", f'Say "done" or why it is exempt: {meaning}', broken=False
        )
        for rule, meaning in QUALITY.items()
        if rule not in quality
    ]
    for rule in quality:
        if rule not in QUALITY:
            known = ", ".join(QUALITY)
            found.append(
                Problem(
                    connector,
                    "manifest.toml",
                    f"quality.{rule}",
                    f"There is no such rule. The rules are: {known}.",
                    broken=False,
                )
            )
    if quality.get("sandbox") == "done" and not ((folder / "sandbox").is_dir() or (folder / "sandbox.py").is_file()):
        found.append(
            Problem(
                connector, "manifest.toml", "quality.sandbox", "It says done, but there is no sandbox.", broken=False
            )
        )
    return found


def _key(error: Any) -> str:
    path = ".".join(str(part) for part in error.path)
    if error.validator == "required":
        missing = re.match(r"'([^']*)'", error.message)
        return ".".join(part for part in (path, missing.group(1) if missing else "") if part)
    if error.validator == "additionalProperties":
        extra = re.search(r"'([^']*)' (?:was|were) unexpected", error.message)
        return ".".join(part for part in (path, extra.group(1) if extra else "") if part)
    return path


def _sentence(error: Any) -> str:
    match error.validator:
        case "required":
            return "This key is missing."
        case "additionalProperties":
            return "There is no such key; check its spelling."
        case "type":
            kinds = {"array": "a list", "object": "a table", "string": "text"}
            return f"This should be {kinds.get(error.validator_value, error.validator_value)}."
        case "pattern":
            return f'"{error.instance}" {limit_in_words("pattern", error.validator_value, error.schema)}.'
        case "oneOf":
            return 'This should be "done", or { exempt = "a reason of three words or more" }.'
        case "minItems":
            return "Name at least one."
        case _:
            return f"{error.message}."
