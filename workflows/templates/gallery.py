"""The templates: a folder each, with manifest, document, and reconcile or parameters. Making it is registering it."""

from __future__ import annotations

import importlib
import json
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from workflows.reconcile.contract import Parameters, Reconcile
from workflows.templates.starting import Events, starting_parameters


class UnknownReconcile(LookupError):
    """No template of this installation brings a reconcile of this name. The message says which there are."""


@dataclass(frozen=True)
class Template:
    """A prebuilt workflow with parameters, as its folder describes it."""

    name: str
    title: str
    version: int
    summary: str
    description: str
    reads: tuple[str, ...]
    writes: tuple[str, ...]
    limits: tuple[str, ...]
    given: Parameters
    document: Callable[[dict[str, Any]], dict[str, Any]] = field(repr=False)
    """Steps and edges, from parameters in which nothing is an expression any more."""
    sample: dict[str, Any] = field(repr=False)
    """Parameters that fit the sandboxes. Mail goes through a connection `post`, which the sandboxes do not bring."""
    events: Events | None = None
    nightly: str = ""
    """The cron rule by which it runs unless its parameters say otherwise; empty: it does not."""
    by_hand: bool = True
    """Whether people start its workflow; else services of the hub do."""

    @property
    def reconcile(self) -> Reconcile | None:
        """What makes its plans; None for a template that makes none."""
        return self.given if isinstance(self.given, Reconcile) else None

    @property
    def parameters(self) -> dict[str, Any]:
        """The JSON Schema of what an installation is given: its own parameters, and what starts it."""
        schema = self.given.parameters
        return {**schema, "properties": {**schema["properties"], **starting_parameters(self.events, self.nightly)}}


@lru_cache(maxsize=1)
def templates() -> Mapping[str, Template]:
    """Every template, by name. Looked for once per process."""
    found = [_load(manifest) for manifest in sorted(Path(__file__).parent.glob("*/manifest.toml"))]
    return {each.name: each for each in found}


def reconcile_called(name: str) -> Reconcile:
    """Raises UnknownReconcile."""
    offered = reconciles()
    if name not in offered:
        raise UnknownReconcile(f'There is no reconcile "{name}". There are: {", ".join(sorted(offered))}.')
    return offered[name]


def reconciles() -> Mapping[str, Reconcile]:
    """What the step *plan* may name."""
    return {each.reconcile.name: each.reconcile for each in templates().values() if each.reconcile}


def _load(manifest: Path) -> Template:
    package = f"{__package__}.{manifest.parent.name}"
    about: dict[str, Any] = tomllib.loads(manifest.read_text())
    about |= {name: tuple(about[name]) for name in ("reads", "writes", "limits")}
    events = about.pop("events", None)
    return Template(
        name=manifest.parent.name.replace("_", "-"),
        given=_given(package, manifest.parent),
        document=importlib.import_module(f"{package}.document").document,
        events=Events(**events) if events else None,
        sample=json.loads((manifest.parent / "sample.json").read_text()),
        **about,
    )


def _given(package: str, folder: Path) -> Parameters:
    if (folder / "reconcile.py").exists():
        reconcile: Reconcile = importlib.import_module(f"{package}.reconcile").RECONCILE
        return reconcile
    parameters: Parameters = importlib.import_module(f"{package}.parameters").PARAMETERS
    return parameters
