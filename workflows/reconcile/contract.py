"""What a reconcile is: a named way from parameters to a plan, which the step *plan* of a workflow asks for."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, ClassVar

from jsonschema import Draft202012Validator

from hub.accounts.access import Actor, visible
from hub.api.errors import FieldProblem
from hub.connections.models import Connection
from hub.registry import catalog
from workflows.graph.problem import complaint, missing_fields
from workflows.reconcile.claims import Claim
from workflows.reconcile.drift import Last, nothing_known
from workflows.reconcile.planner import Draft
from workflows.reconcile.thresholds import History, no_history

CONNECTION = "x-connection"
"""In a parameter's schema: it is the slug of a connection of this connector, or of any connector that offers all of
these (`{"streams": ["users"], "resources": ["group_members"]}`)."""
Needed = str | dict[str, list[str]]


@dataclass(frozen=True)
class Past:
    """What the plans before left behind for the next one."""

    remembered: dict[str, Any] = field(default_factory=dict)
    last_count: int | None = None
    """How many records the first source had when a plan was last applied; None when none was."""
    applied: History = no_history
    """What was changed lately."""
    last: Last = nothing_known
    """What was last applied of an object."""


class Parameters:
    """What an installation of a template is given."""

    parameters: ClassVar[dict[str, Any]]
    """Their JSON Schema."""

    def check(self, parameters: dict[str, Any], connectors: Mapping[str, str]) -> Iterable[FieldProblem]:
        """What is wrong with parameters that fit the schema, each at its place below "/parameters".

        `connectors` says of each parameter that names a connection which connector it is of.
        """
        return ()

    def claims(self, parameters: dict[str, Any]) -> Iterable[Claim]:
        """What an installation keeps as it is wanted. No other one may keep the same."""
        return ()


@dataclass(frozen=True)
class Finding:
    """Something that is not as it should be. The same finding has the same code and key each time it is found."""

    code: str
    key: str
    message: str
    domain: str = ""
    subject: str = ""
    person: str = ""


class Reconcile(Parameters, ABC):
    """Reads what is and what should be, and drafts the plan that leads from the one to the other."""

    name: ClassVar[str]
    title: ClassVar[str]

    @abstractmethod
    def draft(
        self, actor: Actor, parameters: dict[str, Any], *, title: str, past: Past, people: Sequence[str] = ()
    ) -> AbstractContextManager[Draft]:
        """Read and compare; store and write nothing. The draft is open until the block ends.

        `people` are the ids of those to look at, if that can be done without reading everybody; such a draft is
        a `part`. Raises the five classes of connector errors.
        """

    finds: ClassVar[bool] = False
    """Whether it can say what is not as it should be."""

    def findings(self, actor: Actor, parameters: dict[str, Any]) -> list[Finding]:
        """Everything that is not as it should be, from readings that are proved complete.

        Raises the five classes of connector errors; UnexpectedReply when a reading did not come whole.
        """
        raise NotImplementedError(f"{self.title} finds nothing.")


def problems_of(given: Parameters, actor: Actor, parameters: Any) -> list[FieldProblem]:
    """Everything wrong with parameters in the actor's workspace."""
    unfit = misfits(given.parameters, parameters)
    if not isinstance(parameters, dict):
        return unfit
    held = connectors_of(given.parameters, actor, parameters)
    # What a template checks itself, it reads as its schema says.
    checked = () if unfit else given.check(parameters, held)
    return [*unfit, *_of_connections(given, parameters, held), *checked]


def connectors_of(schema: dict[str, Any], actor: Actor, parameters: dict[str, Any]) -> dict[str, str]:
    """The connector of each connection that the parameters name and that there is."""
    named = {name: parameters[name] for name, _ in connections_in(schema) if _is_named(parameters.get(name))}
    rows = visible(actor, Connection).filter(slug__in=named.values()).values_list("slug", "connector")
    connectors = dict(rows)
    return {name: connectors[slug] for name, slug in named.items() if slug in connectors}


def misfits(schema: Any, parameters: Any, *within: str) -> list[FieldProblem]:
    """Where parameters do not fit a schema; what is missing is named at its own place."""
    found: list[FieldProblem] = []
    for error in Draft202012Validator(schema).iter_errors(parameters):
        place = ["", "parameters", *within, *map(str, error.absolute_path)]
        if error.validator == "required":
            missing = [[*place, name] for name in missing_fields(error)]
            found += [{"pointer": "/".join(at), "code": "required", "detail": "This is needed."} for at in missing]
        else:
            detail = f"The value {complaint(error)}."
            found.append({"pointer": "/".join(place), "code": "parameter", "detail": detail})
    return found


def _of_connections(
    given: Parameters, parameters: dict[str, Any], connectors: Mapping[str, str]
) -> Iterator[FieldProblem]:
    for name, wanted in connections_in(given.parameters):
        slug = parameters.get(name)
        if _is_named(slug) and not fits(connectors.get(name, ""), wanted):
            detail = f'There is no connection "{slug}" {_in_words(wanted)} in this workspace.'
            yield {"pointer": f"/parameters/{name}", "code": "unknown-connection", "detail": detail}


def fits(connector: str, wanted: Needed) -> bool:
    """Whether a connection of this connector will do."""
    if isinstance(wanted, str):
        return connector == wanted
    held = catalog().connectors.get(connector)
    return held is not None and all(
        f"{connector}.{each}" in getattr(held, kind) for kind, names in wanted.items() for each in names
    )


def _in_words(wanted: Needed) -> str:
    """Such as "to OpenText Directory Services (OTDS) or LDAP"."""
    titles = sorted(each.manifest.name for each in catalog().connectors.values() if fits(each.name, wanted))
    return f"to {' or '.join(titles)}" if titles else "that would do"


def _is_named(slug: Any) -> bool:
    """Null is no connection; what is no text the schema refuses."""
    return isinstance(slug, str) and slug != ""


def connections_in(schema: dict[str, Any]) -> Iterator[tuple[str, Needed]]:
    """The parameters that name a connection, each with the connector it must be of, or what that must offer."""
    for name, given in schema.get("properties", {}).items():
        if CONNECTION in given:
            yield name, given[CONNECTION]
