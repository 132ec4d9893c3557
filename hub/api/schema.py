"""What the API's schema (OpenAPI 3.1) says beyond what the serializers say."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, TypeVar

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema

from hub.api.serializers import ProblemOutput, Query
from hub.api.views import QUERY_OF_METHOD, WORKSPACE_HEADER

View = TypeVar("View", bound=Callable[..., Any])

NOTHING = None


def operation(
    title: str,
    *,
    id: str = "",
    takes: Any = None,
    gives: Any = NOTHING,
    status: int = 200,
    query: type[Query] = Query,
    description: str = "",
    public: bool = False,
) -> Callable[[View], View]:
    """Describe one method of a view. Without `gives` the answer has no body, and `status` is 204.

    `query` is also what the view reads: a parameter that it does not declare is refused.
    """
    described = OpenApiResponse(gives, description=title) if gives is not None else OpenApiResponse(description=title)
    made: Callable[[View], View] = extend_schema(
        operation_id=id or None,
        summary=title,
        description=description or None,
        request=takes,
        responses={status if gives is not None or status != 200 else 204: described},
        parameters=[query] if query is not Query else [],
        auth=[] if public else None,
    )

    def described_and_read(method: View) -> View:
        shown = made(method)
        setattr(shown, QUERY_OF_METHOD, query)
        return shown

    return described_and_read


class Schema(AutoSchema):
    """Groups operations by the first part of their address, and says that every one may answer with a problem."""

    def get_tags(self) -> list[str]:
        parts = [part for part in self.path.removeprefix("/api/v1/").split("/") if part and "{" not in part]
        return [parts[0] if parts else "api"]

    def get_override_parameters(self) -> list[Any]:
        if getattr(self.view, "open_to_all", False):
            return []
        return [
            OpenApiParameter(
                WORKSPACE_HEADER,
                str,
                OpenApiParameter.HEADER,
                description="The slug of the workspace to work in. Without it: the token's, or the one chosen last.",
            )
        ]

    def _get_response_bodies(self, direction: Literal["request", "response"] = "response") -> dict[str, Any]:
        bodies: dict[str, Any] = super()._get_response_bodies(direction)
        problem = self.resolve_serializer(ProblemOutput, direction)
        if problem.name:
            bodies["default"] = {
                "description": "A problem.",
                "content": {"application/problem+json": {"schema": problem.ref}},
            }
        return bodies


class _BearerScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "hub.api.authentication.BearerToken"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        return {"type": "http", "scheme": "bearer", "description": "A token of a person, beginning with lgt_."}


class _SessionScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "hub.api.authentication.Session"
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        return {"type": "apiKey", "in": "cookie", "name": "sessionid", "description": "The pages' session."}
