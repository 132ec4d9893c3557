"""Saved sign-ins. `open_connection` and `open_named` are what the rest of the platform uses of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hub.connections.opening import OpenConnection, asked_once, open_connection, open_named

__all__ = ["OpenConnection", "asked_once", "open_connection", "open_named"]


def __getattr__(name: str) -> Any:
    # Django imports this package before its models can be.
    if name in __all__:
        from hub.connections import opening

        return getattr(opening, name)
    raise AttributeError(name)
