"""The base of every view of the API.

A view finds no rows and checks no roles: it reads the input, calls a service with the actor, and answers.

    class ConnectionsView(ApiView):
        @operation("List connections", gives=paged(ConnectionOutput), query=PageQuery)
        def get(self, request: Request) -> Response:
            return self.page(list_connections(self.actor), ConnectionOutput)

        @operation("Make a connection", takes=ConnectionInput, gives=ConnectionOutput, status=201)
        def post(self, request: Request) -> Response:
            made = create_connection(self.actor, **self.read(ConnectionInput))
            return self.answer(made, ConnectionOutput, status=201)
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

from django.db.models import QuerySet
from rest_framework.exceptions import MethodNotAllowed, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer
from rest_framework.views import APIView

from hub.accounts.access import Actor, actor_for
from hub.accounts.models import Person
from hub.api.errors import FieldProblem, InvalidQuery, NotFound, NotSignedIn, ProblemError
from hub.api.handling import problem_of
from hub.api.paging import Page, page_of
from hub.api.serializers import Query

WORKSPACE_HEADER = "X-Lockgate-Workspace"
QUERY_OF_METHOD = "query"
"""The attribute of a view's method that says which parameters the address takes; set by `operation`."""
SESSION_WORKSPACE = "workspace"
"""Where a session keeps the slug of the workspace chosen last."""


class ApiView(APIView):
    """Signs the caller in, finds the actor, turns trouble into problems."""

    open_to_all: ClassVar[bool] = False
    """Answers also to whoever is not signed in; there is no actor then."""
    needs_workspace: ClassVar[bool] = True
    """Somebody who belongs to no workspace is refused."""
    query: dict[str, Any]
    """The values of the address's parameters, checked. Those that were not given are missing."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        request.actor = None  # type: ignore[attr-defined]
        if not self.open_to_all:
            self._find_actor(request)
        method = getattr(self, str(request.method).lower(), None)
        self.query = _read_query(request, getattr(method, QUERY_OF_METHOD, Query))

    def _find_actor(self, request: Request) -> None:
        if not isinstance(request.user, Person):
            raise NotSignedIn("Sign in, or send a token: Authorization: Bearer lgt_...")
        try:
            request.actor = actor_in(request)  # type: ignore[attr-defined]
        except NotFound:
            if self.needs_workspace:
                raise

    @property
    def actor(self) -> Actor:
        """Who calls, and in which workspace."""
        actor: Actor | None = getattr(self.request, "actor", None)
        if actor is None:
            raise NotSignedIn
        return actor

    @property
    def person(self) -> Person:
        """Who calls, also when they belong to no workspace."""
        if not isinstance(self.request.user, Person):
            raise NotSignedIn
        return self.request.user

    def http_method_not_allowed(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        try:
            return super().http_method_not_allowed(request, *args, **kwargs)
        except MethodNotAllowed:
            methods = self.allowed_methods
            raise ProblemError(
                f"This address knows {', '.join(methods)}, but not {request.method}.",
                code="method-not-allowed",
                title="This address does not do that.",
                status=405,
                extra={"allowed": methods},
            ) from None

    def read(self, serializer: type[BaseSerializer[Any]], *, partial: bool = False) -> dict[str, Any]:
        """The body's values. With `partial`, only those that were sent. Raises Invalid through the handler."""
        reading = serializer(data=self.request.data, partial=partial)
        reading.is_valid(raise_exception=True)
        return dict(reading.validated_data)

    def answer(self, value: Any, serializer: type[BaseSerializer[Any]], *, status: int = 200) -> Response:
        return Response(serializer(value).data, status=status)

    def page(
        self, rows: QuerySet[Any] | Page[Any], serializer: type[BaseSerializer[Any]], *, newest_first: bool = True
    ) -> Response:
        """Part of a list, as `limit` and `cursor` of the address ask for."""
        found = rows if isinstance(rows, Page) else page_of(rows, self.query, newest_first=newest_first)
        items = serializer(found.items, many=True).data
        return Response({"items": items, "next_cursor": found.next_cursor})

    def nothing(self) -> Response:
        """Done, and there is nothing to say about it."""
        return Response(status=204)

    def if_changed(self, parts: Sequence[object], make: Callable[[], Response]) -> Response:
        """The answer with an ETag made of `parts`, or 304 when the caller has that one already.

        `parts` say when the answer changes: a revision, a count, the time of the last change. `make` is not called
        for a 304, so that watching costs little.
        """
        tag = etag_of(*parts, self.actor.workspace.id)
        if tag in _known_to_caller(self.request):
            response = Response(status=304)
        else:
            response = make()
        response["ETag"] = tag
        response["Cache-Control"] = "private, no-cache"
        return response


def actor_in(request: Request) -> Actor:
    """The caller at work in the workspace of the header, the token or the session, in this order."""
    named = request.headers.get(WORKSPACE_HEADER, "")
    if isinstance(request.auth, Actor):
        if named and named != request.auth.workspace.slug:
            raise NotFound(
                f'This token belongs to the workspace "{request.auth.workspace.slug}", not to "{named}".',
                code="workspace-not-found",
            )
        return request.auth
    person: Any = request.user
    session: Mapping[str, Any] = getattr(request._request, "session", {})
    return actor_for(person, named, preferred=str(session.get(SESSION_WORKSPACE, "")))


def _read_query(request: Request, query: type[Query]) -> dict[str, Any]:
    """Raises InvalidQuery with every parameter at fault."""
    twice: list[FieldProblem] = [
        {"pointer": f"/{name}", "code": "twice", "detail": "This is given more than once."}
        for name, given in request.query_params.lists()
        if len(given) > 1
    ]
    if twice:
        raise InvalidQuery(errors=twice)
    reading = query(data={name: value for name, value in request.query_params.items() if value != ""})
    try:
        reading.is_valid(raise_exception=True)
    except ValidationError as wrong:
        raise InvalidQuery(errors=problem_of(wrong).errors) from None
    return dict(reading.validated_data)


def etag_of(*parts: object) -> str:
    """A weak ETag: equal parts, equal tag."""
    text = "\x1f".join(str(part) for part in parts)
    return f'W/"{hashlib.blake2b(text.encode(), digest_size=12).hexdigest()}"'


def _known_to_caller(request: Request) -> set[str]:
    header = request.headers.get("If-None-Match", "")
    return {part.strip() if part.strip().startswith("W/") else f"W/{part.strip()}" for part in header.split(",")}
