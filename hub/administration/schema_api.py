"""The API's own schema by API."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.types import OpenApiTypes
from rest_framework.request import Request
from rest_framework.response import Response

from hub.api.schema import operation
from hub.api.views import ApiView


class SchemaView(ApiView):
    needs_workspace = False

    @operation("The OpenAPI schema of this API", id="schema", gives=OpenApiTypes.OBJECT)
    def get(self, request: Request) -> Response:
        return Response(api_schema())


@lru_cache(maxsize=1)
def api_schema() -> dict[str, Any]:
    """The OpenAPI 3.1 document, made once per process."""
    with GENERATOR_STATS.silence():
        made: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    return made
