"""Who did what. `record` is imported from here by every service that changes something."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hub.audit.recording import Ref, record

__all__ = ["Ref", "record"]


def __getattr__(name: str) -> Any:
    # Django imports this package before its models can be.
    if name in __all__:
        from hub.audit import recording

        return getattr(recording, name)
    raise AttributeError(name)
