"""Problems: what the API and the pages answer when something cannot be done (RFC 9457).

A service raises a `ProblemError`; nobody but the handler turns one into a response. The `code` is stable and
part of the API; the sentences are for people and may change.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict

from hub.sdk.sentence import Sentence


class FieldProblem(TypedDict):
    """One thing wrong with the input. `pointer` is a JSON pointer into the request's body ("" is the whole)."""

    pointer: str
    code: str
    detail: str


class ProblemError(Exception):
    """Something the caller asked for cannot be done. Subclasses fix the code, the title and the status."""

    code = "problem"
    title = "This cannot be done."
    status = 400

    def __init__(
        self,
        detail: str = "",
        *,
        code: str = "",
        title: str = "",
        status: int = 0,
        errors: Sequence[FieldProblem] = (),
        retry_after_seconds: int | None = None,
        extra: dict[str, object] | None = None,
    ) -> None:
        """`extra` holds further members of the answer, such as the current revision after a conflict."""
        self.code = code or type(self).code
        self.title = title or type(self).title
        self.status = status or type(self).status
        self.detail = detail or self.title
        self.errors = list(errors)
        self.retry_after_seconds = retry_after_seconds
        self.extra = dict(extra or {})
        super().__init__(self.detail)

    def document(self) -> dict[str, object]:
        """The answer's body."""
        body: dict[str, object] = {
            "type": "about:blank",
            "code": self.code,
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
        } | _parts(self.detail)
        if self.errors:
            body["errors"] = [{**each, **_parts(each["detail"])} for each in self.errors]
        return body | self.extra


def _parts(detail: str) -> dict[str, object]:
    """For pages in another language."""
    return {"detail_parts": detail.parts} if isinstance(detail, Sentence) else {}


class Invalid(ProblemError):
    """The input is not what it should be. `errors` say where and why."""

    code = "invalid"
    title = "Some of the input is not valid."
    status = 422


class InvalidQuery(Invalid):
    """The address asks for what it does not offer: an unknown parameter, or a value that it cannot have."""

    code = "invalid-query"
    title = "The address's query is not valid."
    status = 400


class NotSignedIn(ProblemError):
    code = "not-signed-in"
    title = "Sign in first."
    status = 401


class Forbidden(ProblemError):
    """The person is in the workspace, but their roles do not include this."""

    code = "forbidden"
    title = "Your roles do not allow this."
    status = 403


class NotFound(ProblemError):
    """There is no such thing, or it is in a workspace the caller does not belong to. The two look the same."""

    code = "not-found"
    title = "There is no such thing here."
    status = 404


class Conflict(ProblemError):
    """The thing is not in a state that allows this. The kinds below have titles that say more."""

    code = "conflict"
    title = "This cannot be done now."
    status = 409


class Taken(Conflict):
    """There is one already, where only one can be."""

    code = "taken"
    title = "There is one already."


class Changed(Conflict):
    """The caller looked at something that is not what is there now."""

    code = "stale"
    title = "This was changed in the meantime."


class AtWork(Conflict):
    """Somebody else works on it just now; later it may be possible."""

    code = "busy"
    title = "Somebody else is at work on this."
