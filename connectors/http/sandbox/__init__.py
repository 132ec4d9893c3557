"""A small service with every kind of sign-in, an echo, and a list paged in every way."""

from connectors.http.sandbox.service import Echo, connection, create, describe

__all__ = ["Echo", "connection", "create", "describe"]
